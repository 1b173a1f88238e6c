package io.kvd.bench.torture;

import io.kvd.bench.local.LocalCluster;
import io.kvd.bench.local.ServerProcess;
import io.kvd.client.CallOptions;
import io.kvd.client.KvdClient;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Round after round: clients write, processes are killed with SIGKILL at a random moment and started again with the
 * same command line, and then every key is read and every replica's state compared. Nothing acknowledged may be
 * missing, nothing applied twice, no error may reach a client that retries within its deadline.
 */
public final class KillLoop {
    private static final int CLIENTS = 8;
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(60);
    private static final int MAX_LOAD_MS = 700;
    private static final int MIN_LOAD_MS = 50;

    private final LocalCluster cluster;
    private final Victims victims;
    private final SplittableRandom random;
    private final PrintStream out;

    /** Who is killed. */
    public enum Victims {
        ALL,
        LEADER,
        ANY
    }

    /** What a loop found. */
    public record Report(
            int rounds,
            long acknowledged,
            long unknown,
            long errors,
            List<Long> gapsMs,
            List<String> contradictions) {
        public boolean passed() {
            return contradictions.isEmpty() && errors == 0;
        }

        /** The longest time without an acknowledged write. */
        public long longestGapMs() {
            return gapsMs.stream().mapToLong(gap -> gap).max().orElse(0);
        }
    }

    public KillLoop(LocalCluster cluster, Victims victims, long seed, PrintStream out) {
        this.cluster = cluster;
        this.victims = victims;
        this.random = new SplittableRandom(seed);
        this.out = out;
    }

    /** Stops at the first contradiction. */
    public Report run(int rounds) throws Exception {
        try (KvdClient client = KvdClient.builder()
                        .endpoints(cluster.addresses())
                        .options(CallOptions.DEFAULT.withTimeout(CALL_TIMEOUT))
                        .build();
                Writers writers = new Writers(client, CLIENTS)) {
            cluster.startAll();
            cluster.awaitLeader(client);
            List<Long> gapsMs = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                writers.begin();
                Thread.sleep(random.nextInt(MIN_LOAD_MS, MAX_LOAD_MS));
                String killed = kill(client);
                cluster.startAll();
                writers.end();
                gapsMs.add(writers.longestGapMillis());
                List<String> found = check(client, writers);
                out.printf(
                        "round %d: killed %s, %d ms without an acknowledged write,"
                                + " %d acknowledged so far, %d unknown, %d errors%n",
                        round,
                        killed,
                        writers.longestGapMillis(),
                        writers.acknowledgedCount(),
                        writers.unknownCount(),
                        writers.errorCount());
                if (!found.isEmpty() || round == rounds) {
                    return new Report(
                            round,
                            writers.acknowledgedCount(),
                            writers.unknownCount(),
                            writers.errorCount(),
                            gapsMs,
                            found);
                }
            }
            throw new IllegalArgumentException("rounds must be positive");
        }
    }

    private String kill(KvdClient client) {
        if (victims == Victims.ALL) {
            cluster.killAll();
            return "all";
        }
        List<ServerProcess> nodes = cluster.nodes();
        ServerProcess victim = victims == Victims.LEADER
                ? cluster.awaitLeader(client)
                : nodes.get(random.nextInt(nodes.size()));
        victim.kill();
        return victim.name();
    }

    private List<String> check(KvdClient client, Writers writers) {
        List<String> found = writers.contradictions();
        List<String> hashes = cluster.awaitEqualApplied(client);
        if (hashes.stream().distinct().count() != 1) {
            found.add("replicas differ at one applied index: " + hashes);
        }
        return found;
    }
}
