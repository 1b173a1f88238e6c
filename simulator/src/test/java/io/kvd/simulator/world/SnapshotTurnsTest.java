package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeInput;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.RaftCore;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Who is sent a snapshot when several members need one. */
class SnapshotTurnsTest {
    /** The log is kept for nobody. */
    private static final NodeOptions OPTIONS = ClusterScenario.OPTIONS.withLog(1, 0, 0);

    private static final int PATIENCE_MS = 20_000;

    private final ClusterScenario cluster = new ClusterScenario(5, 1, OPTIONS);

    @Test
    void aMemberThatCannotTakeOneDoesNotKeepItFromTheOthers() {
        cluster.world.startAll();
        cluster.awaitLeader();
        List<Host> away = cluster.world.hosts().stream()
                .filter(host -> host.id() != cluster.leader())
                .limit(2)
                .toList();
        away.forEach(Host::crash);
        cluster.put("a", "1");
        cluster.put("b", "2");
        cluster.world.runFor(2_000);
        long written = appliedIndex(cluster.world.host(cluster.leader()));

        // The first one in the leader's order is the one without room.
        away.forEach(Host::start);
        Host full = away.get(0);
        cluster.world.inform(full.id(), new NodeInput.DiskSpace(NodeInput.SpaceLevel.LOW));
        boolean otherHasIt =
                cluster.world.runUntil(() -> appliedIndex(away.get(1)) >= written, PATIENCE_MS);
        boolean fullHasIt = appliedIndex(full) >= written;
        cluster.world.inform(full.id(), new NodeInput.DiskSpace(NodeInput.SpaceLevel.ENOUGH));
        boolean fullHasItThen =
                cluster.world.runUntil(() -> appliedIndex(full) >= written, PATIENCE_MS);

        assertThat(otherHasIt).isTrue();
        assertThat(fullHasIt).isFalse();
        assertThat(fullHasItThen).isTrue();
    }

    private static long appliedIndex(Host host) {
        return host.process()
                .flatMap(NodeProcess::raft)
                .map(RaftCore::appliedIndex)
                .orElse(0L);
    }
}
