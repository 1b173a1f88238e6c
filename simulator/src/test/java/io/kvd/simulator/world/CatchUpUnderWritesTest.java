package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.node.SnapshotOptions;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.RaftCore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A member that needs a snapshot while clients go on writing. The state is 40 KB, a transfer of it takes 2 s, and the
 * log is kept for a member up to 16 KB.
 */
class CatchUpUnderWritesTest {
    private static final int KEYS = 40;
    private static final String VALUE = "v".repeat(1_000);
    private static final int RETAIN_BYTES = 16_000;
    private static final NodeOptions OPTIONS = ClusterScenario.OPTIONS
            .withLog(1, 1_000, RETAIN_BYTES)
            .withSnapshots(new SnapshotOptions(20_000, 1_000, 4_000));

    private static final int PATIENCE_MS = 60_000;

    private final ClusterScenario cluster = new ClusterScenario(3, 1, OPTIONS);
    private int puts;

    /** @param retains how many times the log that is kept for a member is written during a transfer */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void oneSnapshotAndTheLogBehindItAreEnough(int retains) {
        Host behind = memberThatNeedsASnapshot();
        int betweenPutsMs = 2_000 * VALUE.length() / (retains * RETAIN_BYTES);

        boolean isLevel = isLevelWhileClientsWrite(behind, betweenPutsMs);

        assertThat(snapshotsBegun()).isEqualTo(1);
        assertThat(isLevel).isTrue();
    }

    /** Each snapshot that the log left behind is followed by one for which twice as much log is kept. */
    @Test
    void aFewSnapshotsAreEnoughWhereMuchMoreIsWrittenThanASnapshotHolds() {
        Host behind = memberThatNeedsASnapshot();

        boolean isLevel = isLevelWhileClientsWrite(behind, 5);

        assertThat(snapshotsBegun()).isBetween(2L, 4L);
        assertThat(isLevel).isTrue();
    }

    @Test
    void theLogIsCutAgainOnceTheMemberIsLevel() {
        Host behind = memberThatNeedsASnapshot();
        boolean isLevel = isLevelWhileClientsWrite(behind, 60);
        behind.crash();

        write(2 * RETAIN_BYTES, 10);
        cluster.world.runFor(1_000);

        assertThat(isLevel).isTrue();
        assertThat(leader().process().orElseThrow().logBytes())
                .isLessThan(RETAIN_BYTES + 10L * VALUE.length());
    }

    @Test
    void noLogIsKeptForAMemberThatDiesAfterItsSnapshot() {
        Host behind = memberThatNeedsASnapshot();
        cluster.world.runUntil(() -> snapshotsInstalled() == 1, PATIENCE_MS);
        behind.crash();

        write(8 * RETAIN_BYTES, 20);
        cluster.world.runFor(1_000);

        assertThat(leader().process().orElseThrow().logBytes())
                .isLessThan(RETAIN_BYTES + 10L * VALUE.length());
    }

    private Host memberThatNeedsASnapshot() {
        cluster.world.startAll();
        cluster.awaitLeader();
        write(KEYS * VALUE.length(), 10);
        Host behind = cluster.world.hosts().stream()
                .filter(host -> host.id() != cluster.leader())
                .findFirst()
                .orElseThrow();
        behind.crash();
        write(6 * RETAIN_BYTES, 10);
        cluster.world.runFor(1_000);
        behind.start();
        return behind;
    }

    private void write(int bytes, int betweenPutsMs) {
        for (int written = 0; written < bytes; written += VALUE.length()) {
            putOne();
            cluster.world.runFor(betweenPutsMs);
        }
    }

    private void putOne() {
        String key = "k" + puts++ % KEYS;
        cluster.world.submit(cluster.leader(), cluster.requests.put(key, VALUE, Entry.Origin.NONE));
    }

    /** Whether it came, meanwhile, to lack no more than what was written in the last 200 ms. */
    private boolean isLevelWhileClientsWrite(Host behind, int betweenPutsMs) {
        long end = cluster.world.nowNanos() + PATIENCE_MS * 1_000_000L;
        int inFlight = 200 / betweenPutsMs + 1;
        while (cluster.world.nowNanos() < end) {
            putOne();
            cluster.world.runFor(betweenPutsMs);
            if (appliedIndex(behind) + inFlight >= appliedIndex(leader())) {
                return true;
            }
        }
        return false;
    }

    private Host leader() {
        return cluster.world.host(cluster.leader());
    }

    private long snapshotsBegun() {
        return snapshots(NodeEvents.SendStep.BEGUN);
    }

    private long snapshotsInstalled() {
        return snapshots(NodeEvents.SendStep.INSTALLED);
    }

    private long snapshots(NodeEvents.SendStep step) {
        return cluster.happenings.of(NodeEvents.SnapshotSent.class).stream()
                .filter(sent -> sent.step() == step)
                .count();
    }

    private static long appliedIndex(Host host) {
        return host.process()
                .flatMap(NodeProcess::raft)
                .map(RaftCore::appliedIndex)
                .orElse(0L);
    }
}
