package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;
import static io.kvd.core.raft.RaftCluster.logOf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.List;

/** AppendEntries at the receiver (Raft §5.3, Figure 2). */
class RaftFollowerPaperTest {
    // Raft Figure 2: log[] is persistent state, "updated on stable storage before responding".
    @Test
    void entriesArePersistedBeforeTheyAreAcknowledged() {
        OneReplica replica = follower();
        replica.core().step(append(replica, EntryId.NONE, logOf(1, 1), 0));

        Ready ready = replica.core().ready();

        assertThat(ready.entriesToPersist()).isEqualTo(logOf(1, 1));
        assertThat(ready.messagesNow()).isEmpty();
        assertThat(only(Message.AppendAccepted.class, ready.messagesAfterPersist()))
                .extracting(Message.AppendAccepted::matchIndex)
                .containsExactly(2L);
    }

    // P2: an entry is applied only if it is committed and persisted here.
    @Test
    void committedEntryIsHandedOutOnlyOnceItIsPersisted() {
        OneReplica replica = follower();
        replica.core().step(append(replica, EntryId.NONE, logOf(1), 1));
        assertThat(replica.core().commitIndex()).isEqualTo(1);

        Ready first = replica.core().ready();
        replica.core().advance();
        Ready second = replica.core().ready();

        assertThat(first.committed()).isEmpty();
        assertThat(second.committed()).isEqualTo(logOf(1));
    }

    // Raft Figure 2, AppendEntries 2: "Reply false if log doesn't contain an entry at prevLogIndex
    // whose term matches prevLogTerm". A heartbeat checks it too.
    @Test
    void appendIsRejectedUnlessThePreviousEntryIsInTheLog() {
        List<EntryId> missing = List.of(
                new EntryId(2, 4), new EntryId(3, 3), new EntryId(1, 3), new EntryId(3, 99));
        List<EntryId> present =
                List.of(EntryId.NONE, new EntryId(1, 1), new EntryId(2, 2), new EntryId(2, 3));
        for (EntryId previous : missing) {
            OneReplica replica = follower(1, 2, 2);
            List<Message> sent = replica.step(append(replica, previous, List.of(), 3));
            assertThat(only(Message.AppendRejected.class, sent))
                    .as("%s", previous)
                    .hasSize(1);
            assertThat(replica.core().commitIndex()).isZero();
        }
        for (EntryId previous : present) {
            OneReplica replica = follower(1, 2, 2);
            List<Message> sent = replica.step(append(replica, previous, List.of(), 0));
            assertThat(only(Message.AppendAccepted.class, sent))
                    .as("%s", previous)
                    .hasSize(1);
        }
    }

    // Raft Figure 2, AppendEntries 3: "If an existing entry conflicts with a new one (same index
    // but different terms), delete the existing entry and all that follow it".
    @Test
    void conflictingEntryAndAllBehindItAreReplaced() {
        OneReplica replica = follower(1, 2, 2, 2);
        List<Run> other = List.of(run(3, 3));
        replica.core().step(append(replica, new EntryId(2, 2), other, 0));

        Ready ready = replica.core().ready();

        assertThat(ready.truncateFrom()).isEqualTo(3);
        assertThat(ready.entriesToPersist()).isEqualTo(other);
        assertThat(replica.core().lastId()).isEqualTo(new EntryId(3, 3));
    }

    // Raft Figure 2, AppendEntries 4: "Append any new entries not already in the log". An older or
    // repeated message must not take away what a newer one brought.
    @Test
    void shorterOrRepeatedMessageTakesNothingAway() {
        OneReplica replica = follower();
        Message.AppendEntries all = append(replica, EntryId.NONE, logOf(1, 1, 2), 0);
        Message.AppendEntries older = append(replica, EntryId.NONE, logOf(1, 1), 0);
        Message.AppendEntries empty = append(replica, new EntryId(1, 1), List.of(), 0);
        replica.step(all);

        for (Message.AppendEntries message : List.of(older, empty, all)) {
            replica.core().step(message);
            Ready ready = replica.core().ready();
            assertThat(ready.truncateFrom()).isZero();
            assertThat(ready.entriesToPersist()).isEmpty();
            replica.core().advance();
        }
        assertThat(replica.core().lastId()).isEqualTo(new EntryId(2, 3));
    }

    @Test
    void onlyWhatIsNewOfAnOverlappingMessageIsAppended() {
        OneReplica replica = follower(1, 2);
        replica.core().step(append(replica, EntryId.NONE, List.of(Run.join(logOf(1, 2, 3, 3))), 0));

        Ready ready = replica.core().ready();

        assertThat(ready.truncateFrom()).isZero();
        assertThat(ready.entriesToPersist()).hasSize(1);
        assertThat(ready.entriesToPersist().get(0))
                .isEqualTo(Run.join(logOf(1, 2, 3, 3)).slice(3, 5));
    }

    // Raft Figure 2, AppendEntries 5: "commitIndex = min(leaderCommit, index of last new entry)":
    // what lies behind in this log may be of another leader.
    @Test
    void commitIndexStopsAtTheLastEntryThatWasVerified() {
        OneReplica replica = follower(1, 2, 2, 2);

        replica.step(append(replica, new EntryId(1, 1), List.of(), 4));
        assertThat(replica.core().commitIndex()).isEqualTo(1);
        replica.step(append(replica, new EntryId(1, 1), List.of(run(2, 2)), 4));
        assertThat(replica.core().commitIndex()).isEqualTo(2);
        replica.step(append(replica, new EntryId(2, 2), List.of(run(3, 3)), 3));
        assertThat(replica.core().commitIndex()).isEqualTo(3);
    }

    // Messages overtake each other: what the leader told stays true in its term.
    @Test
    void commitIndexThatWasToldBeforeTheEntriesCameIsNotForgotten() {
        OneReplica replica = follower(1, 2);
        replica.step(append(replica, new EntryId(2, 2), List.of(), 4));
        assertThat(replica.core().commitIndex()).isEqualTo(2);

        replica.step(append(replica, new EntryId(2, 2), List.of(run(3, 3)), 0));

        assertThat(replica.core().commitIndex()).isEqualTo(3);
    }

    // Raft Figure 2: commitIndex "increases monotonically".
    @Test
    void commitIndexNeverGoesBack() {
        OneReplica replica = follower(1, 2, 3);
        replica.step(append(replica, new EntryId(3, 3), List.of(), 3));

        replica.step(append(replica, new EntryId(1, 1), List.of(), 1));
        replica.step(append(replica, new EntryId(3, 3), List.of(), 0));

        assertThat(replica.core().commitIndex()).isEqualTo(3);
    }

    // Raft §5.4, State Machine Safety: a leader without a committed entry can't exist. So somebody
    // forgot, and this
    // member, alone with what it committed, is told so; but not by one message, which may be
    // forged.
    @Test
    void memberWhoseLeaderGoesOnToContradictWhatIsCommittedHereIsTheOddOne() {
        OneReplica truncates = follower(1, 2, 3);
        OneReplica previous = follower(1, 2, 3);
        for (OneReplica replica : List.of(truncates, previous)) {
            replica.step(append(replica, new EntryId(3, 3), List.of(), 3));
        }

        for (int tick = 0; tick <= RaftCluster.OPTIONS.electionTicks(); tick++) {
            for (OneReplica replica : List.of(truncates, previous)) {
                assertThat(replica.core().contradiction()).isEmpty();
                boolean isFirst = replica == truncates;
                List<Message> answers = replica.step(append(
                        replica,
                        isFirst ? new EntryId(1, 1) : new EntryId(4, 2),
                        isFirst ? List.of(run(4, 2)) : List.of(),
                        0));
                assertThat(answers).hasSize(1).allMatch(a -> a instanceof Message.AppendRejected);
                replica.tick(1);
            }
        }

        assertThat(truncates.core().contradiction()).contains("another entry at index 2");
        assertThat(previous.core().contradiction()).contains("another entry at index 2");
        assertThat(truncates.core().lastId()).isEqualTo(new EntryId(3, 3));
    }

    // It came back after a vote that somebody forgot: its committed log is longer than the
    // leader's.
    @Test
    void memberWithALongerCommittedLogAcknowledgesNoMoreThanItCompared() {
        OneReplica replica = follower(1, 2, 2, 2);
        replica.step(append(replica, new EntryId(2, 4), List.of(), 4));
        assertThat(replica.core().commitIndex()).isEqualTo(4);

        List<Message> answers = replica.step(new Message.AppendEntries(
                replica.request(3, TERM + 1), new EntryId(2, 2), List.of(), 2, 0, 0, Moment.NONE));

        assertThat(answers).hasSize(1);
        assertThat(((Message.AppendAccepted) answers.get(0)).matchIndex()).isEqualTo(2);
    }

    // Raft §5.4: the leader of a term has what was committed before, so its log can't be of a lower
    // term there.
    @Test
    void entryOfATermBeforeTheCommittedOneContradictsIt() {
        OneReplica replica = follower(1, 3, 3);
        replica.step(append(replica, new EntryId(3, 3), List.of(), 3));
        replica.core().applied(3);
        replica.settle();
        replica.core().cutLog(3);
        replica.settle();

        for (int tick = 0; tick <= RaftCluster.OPTIONS.electionTicks(); tick++) {
            replica.step(append(replica, new EntryId(2, 9), List.of(), 0));
            replica.tick(1);
        }

        assertThat(replica.core().contradiction()).contains("at index 3");
    }

    @Test
    void entriesThatDoNotFollowEachOtherAreRefused() {
        EntryId previous = new EntryId(2, 2);
        List<List<Run>> wrong = List.of(
                List.of(run(3, 4)), List.of(run(3, 3), run(3, 5)), List.of(run(TERM + 1, 3)));
        for (List<Run> entries : wrong) {
            OneReplica replica = follower(1, 2);

            assertThat(replica.core().step(append(replica, previous, entries, 0)))
                    .isPresent();
            assertThat(replica.core().lastId()).isEqualTo(previous);
        }
    }

    // Raft §5.3: "the follower can include the term of the conflicting entry and the first index it
    // stores for that term": here, the last entry that can agree.
    @Test
    void rejectionNamesTheLastEntryThatCanAgree() {
        OneReplica replica = follower(1, 2, 2, 4, 4);

        assertThat(hint(replica, new EntryId(3, 4))).isEqualTo(new EntryId(2, 3));
        assertThat(hint(replica, new EntryId(1, 4))).isEqualTo(new EntryId(1, 1));
        assertThat(hint(replica, new EntryId(3, 2))).isEqualTo(new EntryId(2, 2));
        assertThat(hint(replica, new EntryId(5, 9))).isEqualTo(new EntryId(4, 5));
        assertThat(hint(replica, new EntryId(3, 9))).isEqualTo(new EntryId(2, 3));
    }

    // What is cut away was flushed, so it was committed, so every leader has it (Raft §5.4).
    @Test
    void messageThatBeginsBeforeTheLogDoesMatchesThere() {
        OneReplica replica = follower(1, 1, 2);
        replica.step(append(replica, new EntryId(2, 3), List.of(), 3));
        replica.core().cutLog(2);
        replica.settle();

        Message.AppendAccepted wholly = replica.answer(
                Message.AppendAccepted.class, append(replica, EntryId.NONE, logOf(1), 0));
        Message.AppendAccepted partly = replica.answer(
                Message.AppendAccepted.class,
                append(replica, EntryId.NONE, List.of(Run.join(logOf(1, 1, 2, 3))), 0));

        assertThat(wholly.matchIndex()).isEqualTo(3);
        assertThat(partly.matchIndex()).isEqualTo(4);
        assertThat(replica.core().lastId()).isEqualTo(new EntryId(3, 4));
    }

    @Test
    void acknowledgementNamesTheIndexAndEchoesTheRound() {
        OneReplica replica = follower(1);
        Message.AppendEntries message = new Message.AppendEntries(
                replica.request(2, TERM),
                new EntryId(1, 1),
                List.of(run(2, 2)),
                0,
                0,
                7,
                Moment.NONE);

        Message.AppendAccepted accepted = replica.answer(Message.AppendAccepted.class, message);

        assertThat(accepted.matchIndex()).isEqualTo(2);
        assertThat(accepted.round()).isEqualTo(7);
        assertThat(accepted.term()).isEqualTo(TERM);
        assertThat(accepted.header().incarnation()).isEqualTo(1);
    }

    // Raft §5.4: entries that were not committed when their leader lost office may still become so.
    @Test
    void uncommittedEntriesOfALostOfficeStayInTheLog() {
        OneReplica replica = OneReplica.in(RoleName.LEADER);
        replica.propose("outcome unknown");
        EntryId last = replica.core().lastId();

        replica.step(replica.any(Message.VoteReply.class, 2, TERM + 1));
        assertThat(replica.core().lastId()).isEqualTo(last);
        replica.step(replica.append(2, TERM + 1, last, List.of(), last.index()));

        assertThat(replica.core().commitIndex()).isEqualTo(last.index());
    }

    // P4: what every member has may be cut from the log; a new leader has yet to find out.
    @Test
    void minMatchIndexIsTheLargestThatThisLeaderToldAndUnknownUnderTheNext() {
        OneReplica replica = follower(1, 1, 1);
        replica.step(withMinMatch(replica, TERM, 2));
        replica.step(withMinMatch(replica, TERM, 1));
        assertThat(replica.core().neededFrom().minMatchIndex()).isEqualTo(2);

        replica.step(withMinMatch(replica, TERM + 1, 0));

        assertThat(replica.core().neededFrom().minMatchIndex()).isZero();
    }

    private static Message.AppendEntries withMinMatch(
            OneReplica replica, long term, long minMatch) {
        return new Message.AppendEntries(
                replica.request(2, term),
                new EntryId(1, 3),
                List.of(),
                0,
                minMatch,
                0,
                Moment.NONE);
    }

    /** Follows node 2 in {@link OneReplica#TERM}, but nothing of its log is verified yet. */
    private static OneReplica follower(long... logTerms) {
        return new OneReplica(3, new HardState(TERM, NodeId.NONE), logTerms);
    }

    private static Message.AppendEntries append(
            OneReplica replica, EntryId previous, List<Run> entries, long commitIndex) {
        return replica.append(2, TERM, previous, entries, commitIndex);
    }

    private static EntryId hint(OneReplica replica, EntryId previous) {
        return replica.answer(Message.AppendRejected.class, append(replica, previous, List.of(), 0))
                .hint();
    }

    private static Run run(long term, long index) {
        return Run.encode(
                TestNode.GROUP, List.of(RaftCluster.entry(term, index, "t" + term + "i" + index)));
    }
}
