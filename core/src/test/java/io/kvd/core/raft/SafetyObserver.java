package io.kvd.core.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What several replicas together must never violate (Raft Figure 3), and what their clients were
 * promised.
 */
final class SafetyObserver {
    /**
     * An entry and what is before it: equal wherever its id is, so that logs match by induction.
     */
    private record Link(EntryId previous, Run entry) {}

    private final RaftCluster cluster;
    private final Map<Long, Long> leaders = new TreeMap<>();
    private final Map<EntryId, Link> entries = new TreeMap<>();
    private final TreeMap<Long, EntryId> applied = new TreeMap<>();
    private final Map<ReadId, Long> committedAtRequest =
            new TreeMap<>(java.util.Comparator.comparingLong(ReadId::incarnation)
                    .thenComparingLong(ReadId::counter));
    private EntryId committed = EntryId.NONE;
    private boolean isDisabled;

    SafetyObserver(RaftCluster cluster) {
        this.cluster = cluster;
    }

    /** For clusters whose other members are played by a test. */
    void disable() {
        isDisabled = true;
    }

    /** The highest entry that any replica ever knew to be committed. */
    EntryId committed() {
        return committed;
    }

    void onReady(TestNode node, Ready ready) {
        if (isDisabled) {
            return;
        }
        for (Ready.RoleChange change : ready.roleChanges()) {
            if (change.role() == RoleName.LEADER) {
                onElected(node, change.term());
            }
        }
        for (Run run : ready.entriesToPersist()) {
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                onPersisted(node, run.slice(index, index + 1));
            }
        }
    }

    // Election Safety and Leader Completeness.
    private void onElected(TestNode node, long term) {
        Long other = leaders.putIfAbsent(term, node.id);
        assertThat(other == null || other == node.id)
                .as("nodes %s and %s lead term %s", other, node.id, term)
                .isTrue();
        if (node.core().term() == term && node.core().role() == RoleName.LEADER) {
            assertThat(node.core().log().contains(committed))
                    .as("leader %s lacks committed %s", node, committed)
                    .isTrue();
        }
    }

    // Log Matching.
    private void onPersisted(TestNode node, Run entry) {
        EntryId previous = node.core().log().idAt(entry.firstIndex() - 1);
        Link link = new Link(previous, entry);
        Link known = entries.putIfAbsent(entry.firstId(), link);
        assertThat(known == null || known.equals(link))
                .as("%s has %s, elsewhere %s", node, link, known)
                .isTrue();
    }

    // State Machine Safety.
    void onApplied(TestNode node, Run run) {
        for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
            EntryId id = new EntryId(run.termAt(index), index);
            EntryId known = applied.putIfAbsent(index, id);
            assertThat(known == null || known.equals(id))
                    .as("%s applies %s, others %s", node, id, known)
                    .isTrue();
            assertThat(node.hasPersisted(id))
                    .as("%s applies %s, which is not on its disk", node, id)
                    .isTrue();
        }
    }

    void onRequested(ReadId read) {
        committedAtRequest.put(read, committed.index());
    }

    void onConfirmed(TestNode node, ConfirmedRead read) {
        assertThat(read.readIndex())
                .as("read index of %s at %s", read.id(), node)
                .isGreaterThanOrEqualTo(
                        Optional.ofNullable(committedAtRequest.get(read.id())).orElse(0L));
    }

    /** What is committed is on the disks of a majority, also of those that are down. */
    void check() {
        if (isDisabled) {
            return;
        }
        for (TestNode node : cluster.nodes()) {
            if (node.isUp() && node.core().commitIndex() > committed.index()) {
                committed = node.core().log().idAt(node.core().commitIndex());
                assertThat(persistedCount(committed))
                        .as("replicas that have %s, committed at %s", committed, node)
                        .isGreaterThanOrEqualTo(Quorum.majority(voterCount()));
            }
        }
    }

    private int voterCount() {
        return (int) cluster.nodes().stream().filter(node -> node.isVoter()).count();
    }

    private int persistedCount(EntryId id) {
        return (int) cluster.nodes().stream()
                .filter(node -> node.isVoter() && node.hasPersisted(id))
                .count();
    }
}
