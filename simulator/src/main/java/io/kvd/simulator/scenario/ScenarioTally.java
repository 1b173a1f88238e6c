package io.kvd.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Counts what a run's report says. */
final class ScenarioTally {
    /** Named in a report; more are only counted. */
    private static final int MAX_WRONGS = 8;

    private final List<Long> latenciesNanos = new ArrayList<>();
    private final List<String> wrongs = new ArrayList<>();
    private int messages;
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

    int messages() {
        return messages;
    }

    /** As the plan says; a get may become a put when its time comes. */
    void putPlanned() {
        puts++;
    }

    void getPlanned() {
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

    /** An answer, or anything else that a replica sends, that no replica may. */
    void incorrect(String what) {
        incorrect++;
        wrong(what);
    }

    void getUnanswered() {
        getsUnanswered++;
    }

    void putUnanswered() {
        putsUnanswered++;
    }

    void died(String why) {
        wrong("a replica died by itself: " + why);
    }

    void keptNothing() {
        wrong("no put was acknowledged");
    }

    private void wrong(String what) {
        if (wrongs.size() < MAX_WRONGS) {
            wrongs.add(what);
        }
    }

    ScenarioResult judge(Scenario scenario, long seed, Links links) {
        Scenario.Limits limits = scenario.limits();
        List<String> voids = new ArrayList<>(wrongs);
        if (messages >= scenario.maxPackets()) {
            voids.add("a packet storm: more than " + scenario.maxPackets());
        }
        if (getsUnanswered > gets * limits.maxGetFailFraction()) {
            voids.add(getsUnanswered + " of " + gets + " gets unanswered");
        }
        if (putsUnanswered > puts * limits.maxPutFailFraction()) {
            voids.add(putsUnanswered + " of " + puts + " puts unanswered");
        }
        if (getsNotGenerated > gets * limits.maxGetGenerationFailFraction()) {
            voids.add(getsNotGenerated + " of " + gets + " gets could not be generated");
        }
        double fewest = scenario.requests()
                * scenario.replicas()
                * (1 - scenario.mix())
                * (1 - limits.maxAppendsBatchedFraction());
        if (messages < fewest) {
            voids.add(String.format(Locale.ROOT, "fewer than %.0f messages", fewest));
        }
        return new ScenarioResult(
                scenario,
                seed,
                links,
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
