package io.kvd.simulator.run;

import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.faults.FaultTally;
import io.kvd.simulator.judge.Coverage;
import io.kvd.simulator.judge.Sometimes;
import io.kvd.simulator.judge.Traffic;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What many runs came to together. Equal for the same seeds, on any machine. One thread. */
public final class Totals {
    /** So many seeds must have come by everything. */
    public static final int LONG_RUN = 1_000;

    /** With fewer that count among a hundred, a long run says too little. */
    private static final int MIN_COUNTING_PERCENT = 60;

    private final FaultTally faults = new FaultTally();
    private final Coverage coverage = new Coverage();
    private final Traffic traffic = new Traffic();
    /** Seeds with several writes of one session under way at once. */
    private long sideBySide;

    private final List<Long> failedSeeds = new ArrayList<>();
    private long seeds;
    private long counting;
    private long simulatedNanos;
    private long events;
    private long served;
    private long unknown;
    private long failed;
    private long leaderChanges;
    private long checks;
    private long undecided;
    private int invariants;
    private long traceHash;

    public void add(RunResult result) {
        seeds++;
        counting += result.counts() ? 1 : 0;
        if (!result.passed()) {
            failed(result.seed());
        }
        simulatedNanos += result.simulatedNanos();
        events += result.eventCount();
        served += result.operations().served();
        unknown += result.operations().unknown();
        failed += result.operations().failed();
        leaderChanges += result.leaderChanges();
        checks += result.judged().checks();
        undecided += result.judged().undecided();
        invariants = Math.max(invariants, result.judged().invariants());
        traceHash = Long.rotateLeft(traceHash, 1) ^ result.traceHash();
        faults.add(result.tally());
        coverage.add(result.judged().coverage());
        traffic.add(result.judged().traffic());
        sideBySide += result.judged().traffic().mostSessionWrites() > 1 ? 1 : 0;
    }

    /** The seed failed, whatever its run came to. */
    public void failed(long seed) {
        if (!failedSeeds.contains(seed)) {
            failedSeeds.add(seed);
        }
    }

    public long seeds() {
        return seeds;
    }

    public long simulatedNanos() {
        return simulatedNanos;
    }

    public long events() {
        return events;
    }

    public List<Long> failedSeeds() {
        return List.copyOf(failedSeeds);
    }

    /** Kinds of faults that never came to pass. */
    public List<FaultKind> unseenFaults() {
        return Arrays.stream(FaultKind.values())
                .filter(kind -> faults.of(kind) == 0)
                .toList();
    }

    /** What never happened, though it must sometimes. */
    public List<Sometimes> unseen() {
        return Arrays.stream(Sometimes.values())
                .filter(what -> coverage.of(what) == 0)
                .toList();
    }

    /** Where so many seeds were blind: a sentence for each place, none for a run that is not long. */
    public List<String> blindSpots() {
        List<String> blind = new ArrayList<>();
        if (seeds < LONG_RUN) {
            return blind;
        }
        unseenFaults().forEach(kind -> blind.add("no fault was ever a " + name(kind.name())));
        unseen().forEach(what -> blind.add("it never happened that " + what.sentence()));
        if (counting * 100 < seeds * MIN_COUNTING_PERCENT) {
            blind.add("only %d of %d seeds saw enough to count".formatted(counting, seeds));
        }
        return blind;
    }

    /** One line, for a run that goes on. */
    public String progress() {
        return "%d seeds, %d failed, %s simulated, %d events, %d operations served"
                .formatted(seeds, failedSeeds.size(), duration(simulatedNanos), events, served);
    }

    /** A table of all of it. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        line(
                lines,
                "seeds",
                "%d, of which %d saw enough traffic and a change of leaders to count"
                        .formatted(seeds, counting));
        line(lines, "failed", failedSeeds.isEmpty() ? "none" : failedSeeds.toString());
        line(lines, "simulated time", duration(simulatedNanos));
        line(lines, "events", Long.toString(events));
        line(
                lines,
                "operations",
                "%d served, %d with unknown outcome, %d refused or not served"
                        .formatted(served, unknown, failed));
        line(lines, "served", listed(traffic.served()));
        line(lines, "answers", listed(traffic.answers()));
        line(
                lines,
                "side by side",
                "%d seeds with several writes of one session under way at once"
                        .formatted(sideBySide));
        line(lines, "leader changes", Long.toString(leaderChanges));
        line(lines, "invariants", "%d, looked at %d times".formatted(invariants, checks));
        line(
                lines,
                "histories",
                "%d, of which %d took too long to decide".formatted(seeds, undecided));
        for (FaultKind.Family family : FaultKind.Family.values()) {
            line(
                    lines,
                    "faults: " + family.name().toLowerCase(Locale.ROOT),
                    Arrays.stream(FaultKind.values())
                            .filter(kind -> kind.family() == family)
                            .map(kind -> name(kind.name()) + " " + faults.of(kind))
                            .collect(Collectors.joining(", ")));
        }
        line(lines, "trace hash", "%016x".formatted(traceHash));
        int conditions = Sometimes.values().length;
        String never =
                unseen().stream().map(what -> name(what.name())).collect(Collectors.joining(", "));
        line(
                lines,
                "sometimes",
                "%d of %d%s"
                        .formatted(
                                conditions - unseen().size(),
                                conditions,
                                never.isEmpty() ? "" : "; never: " + never));
        return lines;
    }

    private static String listed(Map<?, Long> counts) {
        long all = counts.values().stream().mapToLong(count -> count).sum();
        return counts.entrySet().stream()
                .map(entry -> "%s %d (%.1f %%)"
                        .formatted(
                                name(entry.getKey().toString()),
                                entry.getValue(),
                                100.0 * entry.getValue() / all))
                .collect(Collectors.joining(", "));
    }

    private static void line(List<String> lines, String name, String value) {
        lines.add("%-18s %s".formatted(name, value));
    }

    private static String name(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In the largest units that say it well. */
    static String duration(long nanos) {
        long seconds = nanos / 1_000_000_000;
        long days = seconds / 86_400;
        return days > 0
                ? "%d d %02d h %02d min".formatted(days, seconds / 3600 % 24, seconds / 60 % 60)
                : "%d h %02d min %02d s".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
