package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.kv.KvStateMachine;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
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
        for (Host node : scenario.world.hosts()) {
            acknowledged.forEach(
                    (key, value) -> assertThat(scenario.get(node.id(), key)).isEqualTo(value));
        }
        expectEqualStates(scenario);
    }

    private static void disturb(ClusterScenario scenario, SplittableRandom random) {
        World world = scenario.world;
        long victim = 1L + random.nextInt(world.hosts().size());
        switch (random.nextInt(8)) {
            case 0 -> {
                if (world.host(victim).life() == Host.Life.UP) {
                    world.host(victim).crash();
                    world.runFor(random.nextInt(300));
                    world.host(victim).start();
                }
            }
            case 1 -> {
                world.hosts().forEach(Host::crash);
                world.startAll();
            }
            case 2 -> {
                if (world.hosts().size() > 2) {
                    world.isolate(victim);
                    world.runFor(random.nextInt(1_000));
                    world.heal();
                }
            }
            case 3 -> scenario.loseMessages(random.nextDouble() * 0.3);
            default -> scenario.loseMessages(0);
        }
    }

    private static void calm(ClusterScenario scenario) {
        scenario.loseMessages(0);
        scenario.world.heal();
        scenario.world.startAll();
        scenario.awaitLeader();
    }

    private static void expectEqualStates(ClusterScenario scenario) {
        List<Host> hosts = scenario.world.hosts();
        boolean equal = scenario.world.runUntil(
                () -> hosts.stream()
                        .allMatch(host -> machine(host)
                                .applied()
                                .equals(machine(hosts.get(0)).applied())),
                20_000);
        assertThat(equal).as("all applied the same index").isTrue();
        assertThat(hosts)
                .extracting(host -> machine(host).stateHash())
                .containsOnly(machine(hosts.get(0)).stateHash());
    }

    private static KvStateMachine machine(Host host) {
        return host.process().orElseThrow().machine();
    }
}
