package io.kvd.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts what a run's report says. */
final class ScenarioTally {
    private final List<Long> latenciesNanos = new ArrayList<>();
    private final List<String> deaths = new ArrayList<>();
    private int messages;
    private int packets;
    private int failed;
    private int duplicates;
    private int incorrect;
    private int gets;
    private int puts;
    private int getsNotGenerated;
    private int getsUnanswered;
    private int putsUnanswered;

    /** Between replicas, dropped ones too; not hello. */
    void message() {
        messages++;
    }

    /** Anything at all. */
    void packet() {
        packets++;
    }

    int packets() {
        return packets;
    }

    void putBegun() {
        puts++;
    }

    void getBegun() {
        gets++;
    }

    void getNotGenerated() {
        getsNotGenerated++;
    }

    void answered(long latencyNanos) {
        latenciesNanos.add(latencyNanos);
    }

    void failed() {
        failed++;
    }

    void duplicate() {
        duplicates++;
    }

    void incorrect() {
        incorrect++;
    }

    void getUnanswered() {
        getsUnanswered++;
    }

    void putUnanswered() {
        putsUnanswered++;
    }

    void died(String why) {
        deaths.add(why);
    }

    ScenarioResult judge(Scenario scenario, long seed) {
        Scenario.Limits limits = scenario.limits();
        List<String> voids = new ArrayList<>();
        deaths.forEach(death -> voids.add("a replica died by itself: " + death));
        if (incorrect > 0) {
            voids.add(incorrect + " gets returned what they must not");
        }
        if (packets > scenario.maxPackets()) {
            voids.add("a packet storm: more than " + scenario.maxPackets());
        }
        if (getsUnanswered > gets * limits.maxGetFailFraction()) {
            voids.add(getsUnanswered + " of " + gets + " gets unanswered");
        }
        if (putsUnanswered > puts * limits.maxPutFailFraction()) {
            voids.add(putsUnanswered + " of " + puts + " puts unanswered");
        }
        int wantedGets = gets + getsNotGenerated;
        if (getsNotGenerated > wantedGets * limits.maxGetGenerationFailFraction()) {
            voids.add(getsNotGenerated + " of " + wantedGets + " gets could not be generated");
        }
        double fewest = scenario.requests()
                * scenario.replicas()
                * (1 - scenario.mix())
                * limits.maxAppendsBatchedFraction();
        if (messages < fewest) {
            voids.add(String.format(Locale.ROOT, "fewer than %.0f messages", fewest));
        }
        return new ScenarioResult(
                scenario,
                seed,
                messages,
                failed + getsUnanswered + putsUnanswered,
                duplicates,
                medianSeconds(),
                incorrect,
                voids);
    }

    private double medianSeconds() {
        List<Long> sorted = latenciesNanos.stream().sorted().toList();
        return sorted.isEmpty() ? Double.MAX_VALUE : sorted.get(sorted.size() / 2) / 1e9;
    }
}
