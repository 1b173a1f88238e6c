package io.kvd.cli;

import java.time.Duration;

/**
 * How much {@code kvctl check perf} asks of a cluster.
 *
 * @param name as it is typed
 * @param perSecond puts a second, then gets a second
 * @param duration of the puts, and again of the gets
 */
record PerfLoad(String name, long perSecond, Duration duration) {
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final Duration LONG = Duration.ofSeconds(60);

    /** @throws Failure there is none of that name */
    static PerfLoad of(String name) {
        return switch (name) {
            case "s" -> new PerfLoad(name, 500, SHORT);
            case "m" -> new PerfLoad(name, 5_000, SHORT);
            case "l" -> new PerfLoad(name, 20_000, LONG);
            default -> throw Failure.usage("--load: no such load: " + name, "--load s, m or l");
        };
    }
}
