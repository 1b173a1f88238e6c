package io.kvd.bench.report;

import io.kvd.bench.local.Servers;
import io.kvd.bench.workload.Step;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A run.
 *
 * @param command as it was typed
 * @param conditions machine, versions, settings, for people, in the order to show them in
 * @param targets the first is the one that the others are compared with
 * @param remarks what a reader must know, such as what was left out and why
 * @param measurements in the order in which they were made
 */
public record Report(
        String command,
        Map<String, String> conditions,
        List<Servers.Description> targets,
        List<String> remarks,
        List<Measurement> measurements) {
    /** A quiet machine varies by less. */
    private static final double RISING = 1.1;

    public Report {
        targets = List.copyOf(targets);
        remarks = List.copyOf(remarks);
        measurements = List.copyOf(measurements);
    }

    /** Step by step in the order in which they were made; within a step, the targets in theirs. */
    public List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Step step : steps()) {
            for (Servers.Description target : targets) {
                List<Measurement> rounds = measurements.stream()
                        .filter(m -> m.step().equals(step) && m.target().equals(target.name()))
                        .toList();
                if (!rounds.isEmpty()) {
                    rows.add(Row.of(rounds));
                }
            }
        }
        return rows;
    }

    public List<Step> steps() {
        return measurements.stream().map(Measurement::step).distinct().toList();
    }

    /** A sentence for each target and step that was not warm yet when its measurement began. */
    public List<String> doubts() {
        return rows().stream()
                .filter(row -> row.riseAfterWarmup() > RISING)
                .map(row ->
                        "%s, %s: the rate rose by %.0f %% after the warm-up, which was too short"
                                .formatted(
                                        row.target(),
                                        row.step(),
                                        100 * (row.riseAfterWarmup() - 1)))
                .toList();
    }

    /** The rate as a multiple of that of the first target in the same step. */
    double timesFirst(Row row) {
        return rows().stream()
                .filter(other -> other.step().equals(row.step()))
                .findFirst()
                .map(first -> row.opsPerSecond() / first.opsPerSecond())
                .orElse(Double.NaN);
    }
}
