package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Crashes, cuts and loss at random while sessions write: no acknowledged write is lost, none is applied twice, every
 * replica ends in the same state. The parameter is nodes; the seed is printed with a failure.
 */
class CrashScheduleTest {
    private static final int SEEDS = 12;
    private static final int WRITES = 60;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5})
    void acknowledgedWritesSurviveAndRetriesApplyOnce(int nodes) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                run(nodes, seed);
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("nodes " + nodes + " seed " + seed, failure);
            }
        }
    }

    private static void run(int nodes, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ClusterScenario scenario = ClusterScenario.started(nodes, seed);
        Reply opened = scenario.write(scenario.requests.openSession(seed, 600_000));
        long session = Requests.result(opened).getOpenSession().getSessionId();
        TreeMap<String, String> acknowledged = new TreeMap<>();
        long revision = Requests.result(opened).getRevision();
        for (int i = 1; i <= WRITES; i++) {
            String key = "k" + random.nextInt(10);
            disturb(scenario, random);
            // The same request again and again, as a client retries: applied once all the same.
            Reply reply = scenario.write(
                    scenario.requests.put(key, "v" + i, new Entry.Origin(session, i, i, 0)));
            assertThat(reply.getCode()).isEqualTo(Code.OK);
            assertThat(Requests.result(reply).getRevision())
                    .as("write %d", i)
                    .isEqualTo(++revision);
            acknowledged.put(key, "v" + i);
        }
        calm(scenario);
        for (SimulatedNode node : scenario.cluster.nodes()) {
            acknowledged.forEach(
                    (key, value) -> assertThat(scenario.get(node.id(), key)).isEqualTo(value));
        }
        expectEqualStates(scenario);
    }

    private static void disturb(ClusterScenario scenario, SplittableRandom random) {
        SimulatedCluster cluster = scenario.cluster;
        long victim = 1L + random.nextInt(cluster.nodes().size());
        switch (random.nextInt(8)) {
            case 0 -> {
                if (cluster.node(victim).life() == SimulatedNode.Life.UP) {
                    cluster.crash(victim);
                    cluster.runFor(random.nextInt(300));
                    cluster.start(victim);
                }
            }
            case 1 -> {
                cluster.nodes().forEach(node -> cluster.crash(node.id()));
                cluster.startAll();
            }
            case 2 -> {
                if (cluster.nodes().size() > 2) {
                    cluster.isolate(victim);
                    cluster.runFor(random.nextInt(1_000));
                    cluster.heal();
                }
            }
            case 3 -> cluster.loseMessages(random.nextDouble() * 0.3);
            default -> cluster.loseMessages(0);
        }
    }

    private static void calm(ClusterScenario scenario) {
        scenario.cluster.loseMessages(0);
        scenario.cluster.heal();
        scenario.cluster.startAll();
        scenario.awaitLeader();
    }

    private static void expectEqualStates(ClusterScenario scenario) {
        SimulatedNode first = scenario.cluster.node(1);
        boolean equal = scenario.cluster.runUntil(
                () -> scenario.cluster.nodes().stream()
                        .allMatch(node ->
                                node.machine().applied().equals(first.machine().applied())),
                20_000);
        assertThat(equal).as("all applied the same index").isTrue();
        Bytes hash = first.machine().stateHash();
        scenario.cluster
                .nodes()
                .forEach(node -> assertThat(node.machine().stateHash()).isEqualTo(hash));
    }
}
