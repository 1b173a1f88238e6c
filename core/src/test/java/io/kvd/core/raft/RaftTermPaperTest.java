package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.InvariantViolation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.List;

/** Terms: what every role does with every kind of message of another term (Raft §5.1). */
class RaftTermPaperTest {
    /** Every kind of message at every role. */
    record Case(Class<?> kind, RoleName role) {
        boolean isCampaign() {
            return kind == Message.PreVoteRequest.class || kind == Message.VoteRequest.class;
        }

        boolean isAnswerOfTheTermsOwnLeader() {
            return kind == Message.AppendAccepted.class || kind == Message.ReadIndexReply.class;
        }

        boolean isRequestWithAnswer() {
            return isCampaign()
                    || kind == Message.AppendEntries.class
                    || kind == Message.ReadIndexRequest.class;
        }

        /** A leader, and a follower that just heard from one. */
        boolean hearsLeader() {
            return role == RoleName.LEADER || role == RoleName.FOLLOWER;
        }

        @Override
        public String toString() {
            return kind.getSimpleName() + " at " + role;
        }
    }

    static List<Case> cases() {
        return OneReplica.kinds().stream()
                .flatMap(kind -> List.of(RoleName.values()).stream().map(r -> new Case(kind, r)))
                .toList();
    }

    // Raft §5.1: "If a server's term is smaller than the other's, it updates its term; a candidate
    // or leader whose term is out of date reverts to follower." Except who campaigns while a leader
    // is alive (thesis §4.2.3).
    @ParameterizedTest
    @MethodSource("cases")
    void higherTermInAnyMessageMakesAFollowerOfThatTerm(Case c) {
        OneReplica replica = OneReplica.in(c.role());

        replica.step(replica.any(c.kind(), 3, TERM + 1));

        if (c.isAnswerOfTheTermsOwnLeader()) {
            // Nobody answers what this replica never asked in a term that it has not reached.
            assertThat(replica.core().term()).isEqualTo(TERM);
            assertThat(replica.core().role()).isEqualTo(c.role());
        } else if (c.isCampaign() && c.hearsLeader()) {
            assertThat(replica.core().term()).isEqualTo(TERM);
            assertThat(replica.core().role()).isEqualTo(c.role());
        } else if (c.kind() == Message.TimeoutNow.class) {
            // A follower of that term, which then campaigns as it is told.
            assertThat(replica.core().term()).isEqualTo(TERM + 2);
            assertThat(replica.core().role()).isEqualTo(RoleName.CANDIDATE);
        } else {
            assertThat(replica.core().term()).isEqualTo(TERM + 1);
            assertThat(replica.core().role()).isEqualTo(RoleName.FOLLOWER);
        }
        assertThat(replica.node().hardState().term()).isEqualTo(replica.core().term());
    }

    // Raft §5.1: "If a server receives a request with a stale term number, it rejects the request."
    @ParameterizedTest
    @MethodSource("cases")
    void staleMessageIsAnsweredWithTheOwnTermAndChangesNothing(Case c) {
        OneReplica replica = OneReplica.in(c.role());
        Invariants.Moment before = Invariants.momentOf(replica.core());

        List<Message> sent = replica.step(replica.any(c.kind(), 3, TERM - 1));

        assertThat(Invariants.momentOf(replica.core())).isEqualTo(before);
        if (c.isRequestWithAnswer()) {
            assertThat(sent).hasSize(1).allMatch(Message::isAnswer);
            assertThat(sent.get(0).term()).isEqualTo(TERM);
            assertThat(sent.get(0).to()).isEqualTo(3);
        } else {
            assertThat(sent).isEmpty();
        }
    }

    // An authenticated but broken peer must not use up the terms: Raft §5.1 adopts any higher term.
    @ParameterizedTest
    @MethodSource("cases")
    void termThatNoMemberCanHaveReachedIsRefused(Case c) {
        for (long term : List.of(TERM + PeerRules.MAX_TERM_LEAP + 1, Long.MAX_VALUE, -1L)) {
            OneReplica replica = OneReplica.in(c.role());
            Invariants.Moment before = Invariants.momentOf(replica.core());

            List<Message> sent = replica.step(replica.any(c.kind(), 3, term));

            assertThat(Invariants.momentOf(replica.core())).as("term %d", term).isEqualTo(before);
            assertThat(sent).isEmpty();
        }
    }

    // thesis §4.2.3: a server that is no member must not be able to disturb those who are.
    @ParameterizedTest
    @MethodSource("cases")
    void messageFromANodeThatIsNoMemberIsIgnored(Case c) {
        OneReplica replica = OneReplica.in(c.role());
        Invariants.Moment before = Invariants.momentOf(replica.core());

        List<Message> sent = replica.step(replica.any(c.kind(), 77, TERM + 1));

        assertThat(Invariants.momentOf(replica.core())).isEqualTo(before);
        assertThat(sent).isEmpty();
    }

    // A round, a vote or a match index of an earlier life says nothing in this one (thesis §6.4).
    @ParameterizedTest
    @MethodSource("cases")
    void answerToAnEarlierLifeIsDropped(Case c) {
        OneReplica replica = OneReplica.in(c.role());
        Invariants.Moment before = Invariants.momentOf(replica.core());
        Message.Header header = new Message.Header(
                TestNode.GROUP, 3, OneReplica.ME, TERM + 1, replica.node().incarnation() + 1);
        Message message = OneReplica.any(c.kind(), header);

        replica.step(message);

        if (message.isAnswer()) {
            assertThat(Invariants.momentOf(replica.core())).isEqualTo(before);
        }
    }

    // The caller routes; a message of another group or for another node is its mistake.
    @ParameterizedTest
    @EnumSource(RoleName.class)
    void messageOfAnotherGroupOrForAnotherNodeIsAMistakeOfTheCaller(RoleName role) {
        List<Message.Header> wrong = List.of(
                new Message.Header(2, 2, OneReplica.ME, TERM, 1),
                new Message.Header(TestNode.GROUP, 2, 3, TERM, 1),
                new Message.Header(TestNode.GROUP, OneReplica.ME, OneReplica.ME, TERM, 1));
        for (Message.Header header : wrong) {
            OneReplica replica = OneReplica.in(role);

            assertThatThrownBy(() -> replica.core().step(new Message.TimeoutNow(header)))
                    .isInstanceOf(InvariantViolation.class);
        }
    }

    // Raft Figure 2: currentTerm and votedFor are updated on stable storage before responding.
    @Test
    void termLearnedFromAReplyIsPersistedBeforeAnyAnswerLeaves() {
        OneReplica replica = OneReplica.in(RoleName.CANDIDATE);
        replica.core().step(replica.any(Message.VoteReply.class, 2, TERM + 3));
        replica.core().step(replica.any(Message.AppendEntries.class, 3, TERM + 1));

        Ready ready = replica.core().ready();

        assertThat(ready.hardState()).isEqualTo(new HardState(TERM + 3, NodeId.NONE));
        assertThat(ready.hardStateChanged()).isTrue();
        assertThat(ready.messagesNow()).isEmpty();
        assertThat(ready.messagesAfterPersist()).hasSize(1);
    }

    // Raft Figure 2, both in one record: a vote of the old term never stands beside the new term.
    @Test
    void voteIsForgottenTogetherWithItsTermAndOnlyThen() {
        OneReplica replica = new OneReplica(3);
        replica.step(replica.voteRequest(2, 1, EntryId.NONE));
        assertThat(replica.node().hardState()).isEqualTo(new HardState(1, 2));

        replica.step(replica.any(Message.AppendEntries.class, 3, 1));
        assertThat(replica.node().hardState()).isEqualTo(new HardState(1, 2));

        replica.step(replica.any(Message.ReadIndexRefused.class, 3, 2));
        assertThat(replica.node().hardState()).isEqualTo(new HardState(2, NodeId.NONE));
    }

    // Nothing may happen between what memory says and what the disk says (Raft Figure 2).
    @Test
    void nothingGoesInUntilTheLastReadyIsAdvanced() {
        OneReplica replica = new OneReplica(3);
        replica.core().step(replica.voteRequest(2, 1, EntryId.NONE));
        replica.core().ready();

        assertThat(replica.core().hasReady()).isFalse();
        assertThatThrownBy(() -> replica.core().step(replica.voteRequest(2, 1, EntryId.NONE)))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(replica.core()::tick).isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(replica.core()::ready).isInstanceOf(InvariantViolation.class);
        replica.core().advance();
        assertThatThrownBy(replica.core()::advance).isInstanceOf(InvariantViolation.class);
    }
}
