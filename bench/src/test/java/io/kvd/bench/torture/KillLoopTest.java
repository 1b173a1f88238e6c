package io.kvd.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.bench.local.LocalCluster;
import io.kvd.bench.local.ServerJvm;
import io.kvd.bench.local.ServerProcess;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

/** A short run of what {@code bin/kill-loop} does for hours. Seeds choose the moments; processes decide the rest. */
@Tag("slow")
class KillLoopTest {
    private static final int ROUNDS = 4;

    @TempDir
    private Path directory;

    @Test
    void aSingleNodeLosesNothingToKills() throws Exception {
        expectNothingFound(1, KillLoop.Victims.ALL, 1);
    }

    @Test
    void threeNodesLoseNothingWhenAllAreKilledAtOnce() throws Exception {
        expectNothingFound(3, KillLoop.Victims.ALL, 2);
    }

    @Test
    void noErrorReachesAClientWhenTheLeaderIsKilled() throws Exception {
        expectNothingFound(3, KillLoop.Victims.LEADER, 3);
    }

    private void expectNothingFound(int nodes, KillLoop.Victims victims, long seed)
            throws Exception {
        try (LocalCluster cluster =
                new LocalCluster(nodes, directory, List.of(), ServerJvm.FAST_START)) {
            KillLoop.Report report = new KillLoop(cluster, victims, seed, System.out).run(ROUNDS);

            assertThat(report.contradictions()).isEmpty();
            assertThat(report.errors()).isZero();
            assertThat(report.acknowledged()).isPositive();
            cluster.killAll();
            for (ServerProcess node : cluster.nodes()) {
                Path output = directory.resolve(node.name() + ".verify");
                assertThat(ServerProcess.verify(cluster.dataDir(node.name()), output))
                        .as("kvd verify of %s", node.name())
                        .isZero();
            }
        }
    }
}
