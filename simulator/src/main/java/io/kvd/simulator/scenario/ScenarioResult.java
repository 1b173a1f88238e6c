package io.kvd.simulator.scenario;

import io.kvd.simulator.scenario.Scenario.Verdict;

import java.util.List;

/**
 * What a run cost.
 *
 * @param links what it was played over
 * @param totalMessages between replicas
 * @param failures requests that were refused or never answered
 * @param duplicates second answers
 * @param medianSeconds of the answered requests' latency, redirects among them
 * @param incorrect answers and other datagrams that no replica may send
 * @param voids what makes the run void, as sentences; mostly empty
 */
public record ScenarioResult(
        Scenario scenario,
        long seed,
        Links links,
        int totalMessages,
        int failures,
        int duplicates,
        double medianSeconds,
        int incorrect,
        List<String> voids) {
    public ScenarioResult {
        voids = List.copyOf(voids);
    }

    public Verdict messagesVerdict() {
        return scenario.limits().totalMessages().of(totalMessages);
    }

    public Verdict failuresVerdict() {
        return scenario.limits().failures().of(failures);
    }

    public Verdict duplicatesVerdict() {
        return scenario.limits().duplicates().of(duplicates);
    }

    public Verdict medianVerdict() {
        return scenario.limits().medianSeconds().of(medianSeconds);
    }

    /** Not void, and at least full; in the latency, too, where the links allow it. */
    public boolean isPassed() {
        return voids.isEmpty()
                && messagesVerdict().isAtLeastFull()
                && failuresVerdict().isAtLeastFull()
                && duplicatesVerdict().isAtLeastFull()
                && (!links.isLatencyJudged() || medianVerdict().isAtLeastFull());
    }
}
