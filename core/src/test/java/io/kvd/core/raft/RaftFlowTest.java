package io.kvd.core.raft;

import static io.kvd.core.raft.OneReplica.TERM;
import static io.kvd.core.raft.OneReplica.only;
import static io.kvd.core.raft.RaftCluster.command;
import static io.kvd.core.raft.RaftCluster.logOf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.InvariantViolation;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/**
 * What is bounded, loaded, handed out and cut. Every entry of {@link RaftCluster#logOf} has 71
 * bytes.
 */
class RaftFlowTest {
    @Test
    void uncommittedBytesAreBoundedButOneProposalAlwaysGoes() {
        RaftOptions options = new RaftOptions(10, 3, 10, 9_999, 99, 9_999, 200, 9_999, 9_999, 9);
        OneReplica replica = OneReplica.in(RoleName.LEADER, options).acceptAll();
        List<Proposal> large = List.of(command("x".repeat(900)));

        assertThat(replica.core().propose(large)).isInstanceOf(Proposed.Appended.class);
        assertThat(replica.core().uncommittedBytes()).isEqualTo(967);
        assertThat(replica.core().propose(List.of(command("y")))).isEqualTo(new Proposed.Busy());
        replica.settle();
        replica.acceptAll();

        assertThat(replica.core().uncommittedBytes()).isZero();
        assertThat(replica.core().propose(List.of(command("y"))))
                .isInstanceOf(Proposed.Appended.class);
    }

    @Test
    void committedBytesAreHandedOutNoFasterThanTheyAreApplied() {
        RaftOptions options = new RaftOptions(10, 3, 10, 9_999, 99, 9_999, 9_999, 9_999, 150, 9);
        OneReplica replica = new OneReplica(
                options,
                RaftCluster.configuration(3, 0),
                new HardState(TERM, 0),
                logOf(1, 1, 1, 1, 1));
        replica.core().step(replica.append(2, TERM, new EntryId(1, 5), List.of(), 5));

        assertThat(handedOut(replica)).containsExactly(1L, 2L);
        assertThat(replica.core().hasReady()).isFalse();
        replica.core().applied(1);
        assertThat(handedOut(replica)).containsExactly(3L);
        replica.core().applied(3);
        assertThat(handedOut(replica)).containsExactly(4L, 5L);
    }

    @Test
    void moreIsNeverReportedAppliedThanWasHandedOut() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);

        assertThatThrownBy(() -> replica.core().applied(1)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void committedEntriesThatAreNotInMemoryAreLoadedOnceAtATime() {
        RaftCluster cluster =
                RaftCluster.scripted(RaftCluster.OPTIONS, RaftCluster.configuration(3, 0));
        TestNode node = cluster.node(1);
        node.restore(new HardState(TERM, NodeId.NONE), logOf(1, 1, 1, 1), 1);
        node.start(150);
        node.core()
                .step(new Message.AppendEntries(
                        new Message.Header(TestNode.GROUP, 2, 1, TERM, 1),
                        new EntryId(1, 4),
                        List.of(),
                        4,
                        0,
                        0,
                        Moment.NONE));

        Ready ready = node.core().ready();
        node.core().advance();
        assertThat(ready.committed()).isEmpty();
        LoadRequest request = ready.entriesToLoad().get(0);
        assertThat(request.fromIndex()).isEqualTo(2);
        assertThat(request.toIndex()).as("from where memory begins").isEqualTo(3);
        assertThat(node.core().hasReady()).isFalse();

        node.core().entriesLoaded(new LoadedEntries(request, List.of(logOf(1, 1).get(1))));
        assertThat(node.core().ready().committed()).containsExactly(logOf(1, 1).get(1));
        node.core().advance();
        assertThat(node.core().ready().committed()).hasSize(2);
    }

    // The log may have been truncated and written again while the disk was read.
    @Test
    void loadedEntriesThatAreNoLongerInTheLogAreNotSent() {
        for (boolean isOfThisLog : List.of(true, false)) {
            OneReplica replica = leaderWithColdLog();
            replica.core().step(replica.accepted(2, 1));
            Ready ready = replica.core().ready();
            replica.core().advance();
            LoadRequest request = ready.entriesToLoad().get(0);
            assertThat(request.fromIndex()).isEqualTo(2);
            assertThat(request.toIndex()).isEqualTo(5);
            Run log = Run.join(isOfThisLog ? logOf(1, 1, 1, 1) : logOf(1, 4, 4, 4));

            replica.core().entriesLoaded(new LoadedEntries(request, List.of(log.slice(2, 5))));
            replica.core().entriesLoaded(new LoadedEntries(request, List.of(log.slice(2, 5))));

            assertThat(only(Message.AppendEntries.class, replica.core().ready().messagesNow()))
                    .hasSize(isOfThisLog ? 2 : 0);
        }
    }

    @Test
    void peerWhoseEntriesAreCutWhileTheyAreLoadedIsProbedAtTheLogsStart() {
        OneReplica replica = leaderWithColdLog();
        replica.step(replica.accepted(3, 5));
        assertThat(replica.core().appliedIndex()).isEqualTo(5);
        replica.core().step(replica.accepted(2, 1));
        LoadRequest request = replica.core().ready().entriesToLoad().get(0);
        replica.core().advance();

        replica.core().cutLog(4);
        List<Message> sent = replica.settle();
        assertThat(only(Message.AppendEntries.class, sent))
                .extracting(Message.AppendEntries::previous)
                .containsExactly(new EntryId(1, 4));
        assertThat(replica.core().peers().get(0).belowLogStart()).isTrue();

        Run late = Run.join(logOf(1, 1, 1, 1)).slice(2, 5);
        replica.core().entriesLoaded(new LoadedEntries(request, List.of(late)));
        assertThat(replica.settle()).isEmpty();
    }

    @Test
    void peerThatIsFarBehindIsFedFromTheDisk() {
        RaftOptions options = new RaftOptions(10, 3, 10, 250, 4, 9_999, 9_999, 200, 9_999, 9);
        RaftCluster cluster = new RaftCluster(options, RaftCluster.configuration(3, 0), 1)
                .startAll()
                .elect(1);
        cluster.node(3).crash();
        for (int i = 0; i < 30; i++) {
            cluster.propose(1, "p" + i);
            cluster.deliverAll();
        }
        assertThat(cluster.core(1).log().firstHeldIndex()).isGreaterThan(25);
        cluster.node(3).start(0);

        cluster.run(2 * options.heartbeatTicks());

        assertThat(cluster.node(3).persistedLast()).isEqualTo(cluster.core(1).lastId());
    }

    @Test
    void memoryHoldsNoMoreOfTheLogThanTheTail() {
        RaftOptions options = new RaftOptions(10, 3, 10, 250, 4, 9_999, 9_999, 500, 9_999, 9);
        RaftCluster cluster =
                new RaftCluster(options, RaftCluster.configuration(1, 0), 1).startAll();
        cluster.tick(1);
        for (int i = 0; i < 100; i++) {
            cluster.propose(1, "p" + i);
        }

        assertThat(cluster.core(1).log().tailBytes()).isLessThanOrEqualTo(500);
        assertThat(cluster.core(1).log().termAt(1)).as("terms are kept").isEqualTo(1);
    }

    // A run is cut where the bound says, and never within an entry.
    @Test
    void proposalsLargerThanAnAppendAreSplitIntoRuns() {
        RaftOptions options = new RaftOptions(10, 3, 10, 210, 99, 9_999, 9_999, 9_999, 9_999, 9);
        OneReplica replica = OneReplica.in(RoleName.LEADER, options).acceptAll();
        List<Proposal> proposals = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            proposals.add(command("abc"));
        }
        replica.core().propose(proposals);

        Ready ready = replica.core().ready();

        assertThat(ready.entriesToPersist()).extracting(Run::entryCount).containsExactly(3, 3, 1);
        assertThat(only(Message.AppendEntries.class, ready.messagesNow())).hasSize(6);
    }

    @Test
    void cutLogIsPersistedAndForgotten() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);
        replica.step(replica.append(2, TERM, new EntryId(2, 2), List.of(), 2));
        replica.core().cutLog(1);

        Ready ready = replica.core().ready();
        replica.core().advance();

        assertThat(ready.logStart()).isEqualTo(new EntryId(1, 1));
        assertThat(ready.mustPersist()).isTrue();
        assertThat(replica.core().logStart()).isEqualTo(new EntryId(1, 1));
        assertThat(replica.core().hasReady()).isFalse();
    }

    @Test
    void logIsNotCutBeyondWhatIsApplied() {
        OneReplica replica = OneReplica.in(RoleName.FOLLOWER);

        assertThatThrownBy(() -> replica.core().cutLog(1)).isInstanceOf(InvariantViolation.class);
    }

    @Test
    void nothingIsReadyWhenNothingHappened() {
        for (RoleName role : RoleName.values()) {
            OneReplica replica = OneReplica.in(role);
            assertThat(replica.core().hasReady()).as("%s", role).isFalse();
        }
    }

    @Test
    void everyRoleTakenIsReported() {
        OneReplica replica = new OneReplica(1);
        replica.core().tick();

        Ready ready = replica.core().ready();
        replica.core().advance();

        assertThat(ready.roleChanges())
                .containsExactly(
                        new Ready.RoleChange(RoleName.PRE_CANDIDATE, 0, NodeId.NONE),
                        new Ready.RoleChange(RoleName.CANDIDATE, 1, NodeId.NONE));
        assertThat(replica.core().ready().roleChanges())
                .containsExactly(new Ready.RoleChange(RoleName.LEADER, 1, OneReplica.ME));
    }

    // A program that restores what can't be must not run with it.
    @Test
    void replicaThatCannotBeIsNotRestored() {
        RestoredReplica good = restored(new EntryId(2, 2), EntryId.NONE, logOf(1, 2));
        List<RestoredReplica> wrong = List.of(
                restored(new EntryId(2, 3), EntryId.NONE, logOf(1, 2)),
                restored(new EntryId(2, 2), new EntryId(2, 3), logOf(1, 2)),
                restored(new EntryId(2, 2), new EntryId(1, 2), logOf(1, 2)),
                restored(new EntryId(2, 2), EntryId.NONE, logOf(1)),
                restored(new EntryId(2, 2), EntryId.NONE, logOf(1, 1)));

        assertThat(core(good).lastId()).isEqualTo(new EntryId(2, 2));
        for (RestoredReplica replica : wrong) {
            assertThatThrownBy(() -> core(replica)).isInstanceOf(InvariantViolation.class);
        }
    }

    private static RestoredReplica restored(EntryId last, EntryId applied, List<Run> tail) {
        return new RestoredReplica(
                new HardState(2, NodeId.NONE),
                EntryId.NONE,
                last,
                0,
                List.of(new EntryId(1, 1), new EntryId(2, 2)),
                tail,
                applied,
                RaftCluster.configuration(3, 0));
    }

    private static RaftCore core(RestoredReplica restored) {
        return new RaftCore(
                RaftCluster.OPTIONS,
                new Identity(TestNode.GROUP, 1, 1),
                restored,
                new java.util.SplittableRandom(1));
    }

    /** A leader of four entries and its no-op, of which only the no-op is in memory. */
    private static OneReplica leaderWithColdLog() {
        RaftOptions options = new RaftOptions(10, 3, 10, 1 << 20, 9, 9_999, 9_999, 71, 9_999, 9);
        OneReplica replica = new OneReplica(
                options, RaftCluster.configuration(3, 0), new HardState(4, 0), logOf(1, 1, 1, 1));
        replica.lead();
        assertThat(replica.core().log().firstHeldIndex()).isEqualTo(5);
        return replica;
    }

    private static List<Long> handedOut(OneReplica replica) {
        List<Long> indexes = new ArrayList<>();
        while (replica.core().hasReady()) {
            for (Run run : replica.core().ready().committed()) {
                for (long i = run.firstIndex(); i <= run.lastIndex(); i++) {
                    indexes.add(i);
                }
            }
            replica.core().advance();
        }
        return indexes;
    }
}
