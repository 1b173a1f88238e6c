package io.kvd.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A run of replicas and clients under a plan of trouble, and what it may cost, as its file says. Times are in
 * milliseconds of virtual time; events count from the end of {@code startWaitMs}.
 *
 * @param mix share of gets among the requests
 * @param drops probability that a message between replicas is lost
 * @param maxPackets more datagrams than that, clients' included, are a storm
 */
public record Scenario(
        String name,
        long lifetimeMs,
        int replicas,
        int requests,
        double mix,
        long startWaitMs,
        long endWaitMs,
        double drops,
        int maxPackets,
        long seed,
        List<Trouble> events,
        Limits limits) {

    private static final int MIN_REPLICAS = 3;
    private static final int MAX_REPLICAS = 21;

    /** What happens to the replicas at a moment. */
    public record Trouble(Kind kind, long atMs) {}

    /** The name in the file is the constant's, in lower case. */
    public enum Kind {
        KILL_LEADER,
        KILL_NON_LEADER,
        /** A quorum with the leader keeps together, the rest is cut off. */
        PART_EASY,
        /** A quorum at random keeps together. */
        PART_HARD,
        PART_END
    }

    /** Shares of requests above which a run is void, and the benchmarks. */
    public record Limits(
            double maxGetFailFraction,
            double maxPutFailFraction,
            double maxGetGenerationFailFraction,
            double maxAppendsBatchedFraction,
            Benchmark totalMessages,
            Benchmark failures,
            Benchmark duplicates,
            Benchmark medianSeconds) {}

    /** Each is reached by what is less than it. */
    public record Benchmark(double bonus, double full, double partial) {
        Verdict of(double value) {
            if (value < bonus) {
                return Verdict.BONUS;
            }
            if (value < full) {
                return Verdict.FULL;
            }
            return value < partial ? Verdict.PARTIAL : Verdict.FAIL;
        }
    }

    /** From best to worst. */
    public enum Verdict {
        BONUS,
        FULL,
        PARTIAL,
        FAIL;

        public boolean isAtLeastFull() {
            return this == BONUS || this == FULL;
        }
    }

    /** A file that is not a scenario; the message says why. */
    public static final class FormatException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private FormatException(String message) {
            super(message);
        }
    }

    public Scenario {
        events = List.copyOf(events);
        if (replicas < MIN_REPLICAS || replicas > MAX_REPLICAS) {
            throw new FormatException("\"replicas\" must be %d to %d, not %d"
                    .formatted(MIN_REPLICAS, MAX_REPLICAS, replicas));
        }
        if (requests < 1 || lifetimeMs < 1 || startWaitMs < 0 || endWaitMs < 0) {
            throw new FormatException("\"requests\" and \"lifetime\" must be above 0");
        }
        if (!(mix >= 0 && mix <= 1 && drops >= 0 && drops <= 1)) {
            throw new FormatException("\"mix\" and \"drops\" must be 0 to 1");
        }
    }

    /**
     * @param name for the report
     * @param json the file's text
     * @throws FormatException if it is not a scenario
     */
    public static Scenario parse(String name, String json) {
        Object value;
        try {
            value = Json.parse(json);
        } catch (Json.SyntaxException notJson) {
            throw new FormatException(String.valueOf(notJson.getMessage()));
        }
        Fields fields = Fields.of(value, "the file");
        List<Trouble> events = new ArrayList<>();
        for (Object event : fields.list("events")) {
            Fields of = Fields.of(event, "an event");
            events.add(new Trouble(kind(of.text("type")), of.millis("time")));
        }
        return new Scenario(
                name,
                fields.millis("lifetime"),
                (int) fields.number("replicas"),
                (int) fields.number("requests"),
                fields.number("mix"),
                fields.millis("start_wait"),
                fields.millis("end_wait"),
                fields.number("drops"),
                (int) fields.number("max_packets"),
                (long) fields.number("seed"),
                events,
                limits(Fields.of(fields.get("tests"), "\"tests\"")));
    }

    /** The same under other drops. */
    public Scenario withDrops(double probability) {
        return new Scenario(
                name,
                lifetimeMs,
                replicas,
                requests,
                mix,
                startWaitMs,
                endWaitMs,
                probability,
                maxPackets,
                seed,
                events,
                limits);
    }

    private static Limits limits(Fields tests) {
        Fields benchmarks = Fields.of(tests.get("benchmarks"), "\"benchmarks\"");
        return new Limits(
                tests.number("maximum_get_fail_fraction"),
                tests.number("maximum_put_fail_fraction"),
                tests.number("maximum_get_generation_fail_fraction"),
                tests.number("maximum_appends_batched_fraction"),
                benchmark(benchmarks, "total_msgs"),
                benchmark(benchmarks, "failures"),
                benchmark(benchmarks, "duplicates"),
                benchmark(benchmarks, "median_latency"));
    }

    private static Benchmark benchmark(Fields benchmarks, String name) {
        List<Object> limits = benchmarks.list(name);
        if (limits.size() == 3
                && limits.get(0) instanceof Double bonus
                && limits.get(1) instanceof Double full
                && limits.get(2) instanceof Double partial) {
            return new Benchmark(bonus, full, partial);
        }
        throw new FormatException("\"" + name + "\" must be [bonus, full, partial]");
    }

    private static Kind kind(String type) {
        for (Kind kind : Kind.values()) {
            if (kind.name().toLowerCase(Locale.ROOT).equals(type)) {
                return kind;
            }
        }
        throw new FormatException("there is no event \"" + type + "\"");
    }

    /** An object of the file. */
    private record Fields(Map<?, ?> fields) {
        static Fields of(Object json, String what) {
            if (json instanceof Map<?, ?> map) {
                return new Fields(map);
            }
            throw new FormatException(what + " must be an object");
        }

        Object get(String name) {
            Object value = fields.get(name);
            return value == null ? Json.NULL : value;
        }

        double number(String name) {
            if (get(name) instanceof Double number) {
                return number;
            }
            throw new FormatException("\"" + name + "\" must be a number");
        }

        long millis(String name) {
            return Math.round(number(name) * 1_000);
        }

        String text(String name) {
            if (get(name) instanceof String text) {
                return text;
            }
            throw new FormatException("\"" + name + "\" must be a string");
        }

        List<Object> list(String name) {
            if (get(name) instanceof List<?> items) {
                return List.copyOf(items);
            }
            throw new FormatException("\"" + name + "\" must be an array");
        }
    }
}
