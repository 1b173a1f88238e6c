package io.kvd.server.udp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Replicas behind real sockets, on threads of this process. */
@Tag("slow")
class UdpReplicaTest {
    private static final List<String> IDS = List.of("0000", "0a1B", "00Ff", "1234", "FFFE");

    /** They need not wait for each other: all are there when the first one runs. */
    private static final long STARTED_NANOS = 4_000_000_000L;

    @Test
    void fiveServeOverUdpAndSurviveTheirLeader() throws Exception {
        TreeMap<String, UdpReplica> replicas = new TreeMap<>();
        List<Thread> threads = new ArrayList<>();
        try (SmallSimulator simulator = new SmallSimulator()) {
            for (String id : IDS) {
                UdpReplica replica =
                        new UdpReplica(simulator.port(), id, othersOf(id), STARTED_NANOS);
                replicas.put(id, replica);
                threads.add(serve(id, replica));
            }
            simulator.awaitHellos(IDS.size());
            simulator.awaitLeader();
            String first = simulator.leader();
            for (int i = 0; i < 50; i++) {
                simulator.ask("put", Map.of("key", "k" + i, "value", "v\u00e4" + i));
            }
            assertThat(simulator.ask("get", Map.of("key", "k49"))).isEqualTo("v\u00e449");

            Objects.requireNonNull(replicas.get(first)).stop();
            simulator.bury(first);
            String follower = othersOf(first).get(0);
            assertThat(simulator.askOnce(follower, "get", Map.of("key", "k0")).type())
                    .isIn("ok", "redirect");
            simulator.awaitLeader();

            assertThat(simulator.leader()).isNotEqualTo(first);
            for (int i = 0; i < 50; i++) {
                assertThat(simulator.ask("get", Map.of("key", "k" + i))).isEqualTo("v\u00e4" + i);
            }
        } finally {
            replicas.values().forEach(UdpReplica::stop);
        }
        for (Thread thread : threads) {
            thread.join(10_000);
            assertThat(thread.isAlive()).as("%s ends", thread.getName()).isFalse();
        }
    }

    private static List<String> othersOf(String id) {
        List<String> others = new ArrayList<>(IDS);
        others.remove(id);
        return others;
    }

    private static Thread serve(String id, UdpReplica replica) {
        Thread thread = new Thread(
                () -> {
                    try (replica) {
                        replica.run();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                },
                "udp-" + id);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
