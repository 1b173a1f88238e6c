package io.kvd.simulator.scenario;

import io.kvd.simulator.scenario.Scenario.Verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The table of scenarios: each column's worst value over the seeds, with its verdict. */
public final class ScenarioReport {
    private static final String ROW = "%-15s%-17s%-15s%-15s%-19s%-11s%s";
    /** Void runs named in full; the rest is counted. */
    private static final int MAX_NAMED = 20;

    private final List<String> rows = new ArrayList<>();
    private final List<String> remarks = new ArrayList<>();
    private int unnamed;
    private boolean passed = true;

    public ScenarioReport() {
        rows.add(ROW.formatted(
                "scenario",
                "total_msgs",
                "failures",
                "duplicates",
                "median_latency",
                "incorrect",
                "passed"));
    }

    /** @param results of one scenario, at least one */
    public void add(List<ScenarioResult> results) {
        long passedRuns = results.stream().filter(ScenarioResult::isPassed).count();
        passed &= passedRuns == results.size();
        ScenarioResult messages = worst(results, ScenarioResult::totalMessages);
        ScenarioResult failures = worst(results, ScenarioResult::failures);
        ScenarioResult duplicates = worst(results, ScenarioResult::duplicates);
        ScenarioResult median = worst(results, ScenarioResult::medianSeconds);
        rows.add(ROW.formatted(
                messages.scenario().name(),
                cell(messages.totalMessages(), messages.messagesVerdict()),
                cell(failures.failures(), failures.failuresVerdict()),
                cell(duplicates.duplicates(), duplicates.duplicatesVerdict()),
                cell(
                        median.medianSeconds() == Double.MAX_VALUE
                                ? "none"
                                : String.format(Locale.ROOT, "%.4f", median.medianSeconds()),
                        median.medianVerdict()),
                results.stream().mapToInt(ScenarioResult::incorrect).sum(),
                passedRuns + "/" + results.size()));
        results.forEach(this::remark);
    }

    private void remark(ScenarioResult result) {
        for (String reason : result.voids()) {
            if (remarks.size() < MAX_NAMED) {
                remarks.add("%s seed %d: %s"
                        .formatted(result.scenario().name(), result.seed(), reason));
            } else {
                unnamed++;
            }
        }
    }

    /** Whether every run passed: see {@link ScenarioResult#isPassed}. */
    public boolean isPassed() {
        return passed;
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>(rows);
        lines.addAll(remarks);
        if (unnamed > 0) {
            lines.add("and " + unnamed + " more");
        }
        return lines;
    }

    private static <C extends Comparable<C>> ScenarioResult worst(
            List<ScenarioResult> results, Function<ScenarioResult, C> column) {
        return results.stream().max(Comparator.comparing(column)).orElseThrow();
    }

    private static String cell(Object value, Verdict verdict) {
        return value + " " + verdict.name().toLowerCase(Locale.ROOT);
    }
}
