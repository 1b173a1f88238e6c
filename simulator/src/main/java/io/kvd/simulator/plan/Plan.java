package io.kvd.simulator.plan;

import io.kvd.simulator.engine.Streams;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Everything that a run is told in advance. The same plan gives the same run; a smaller one may show the same failure.
 *
 * @param seed seeds what is drawn while it runs: delays, order, jitter
 * @param faults ascending by time
 * @param programmes one a client
 */
public record Plan(long seed, Knobs knobs, List<Fault> faults, List<Programme> programmes) {
    public Plan {
        faults = List.copyOf(faults);
        programmes = List.copyOf(programmes);
    }

    /** What the seed stands for. */
    public static Plan of(long seed) {
        Streams streams = new Streams(seed);
        Knobs knobs = Knobs.draw(streams.named("knobs"));
        Set<FaultKind> kinds = kinds(streams.named("swarm"));
        return of(seed, knobs, kinds);
    }

    /** The seed's faults of these kinds, on a cluster with these knobs. */
    public static Plan of(long seed, Knobs knobs, Set<FaultKind> kinds) {
        Streams streams = new Streams(seed);
        List<Fault> faults = new FaultDrawing(knobs, streams.named("faults")).draw(kinds);
        SplittableRandom clients = streams.named("clients");
        List<Programme> programmes = new ArrayList<>();
        for (int i = 0; i < knobs.clients(); i++) {
            programmes.add(Programme.draw(knobs, kinds, clients.split()));
        }
        return new Plan(seed, knobs, faults, programmes);
    }

    // Swarm: a run with all kinds hides what a run with few of them shows, and the other way round.
    private static Set<FaultKind> kinds(SplittableRandom random) {
        int draw = random.nextInt(20);
        if (draw == 0) {
            return EnumSet.noneOf(FaultKind.class);
        }
        if (draw <= 2) {
            return EnumSet.allOf(FaultKind.class);
        }
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (FaultKind kind : FaultKind.values()) {
            if (random.nextBoolean()) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    public Plan withFaults(List<Fault> fewer) {
        return new Plan(seed, knobs, fewer, programmes);
    }

    public Plan withProgrammes(List<Programme> fewer) {
        return new Plan(seed, knobs, faults, fewer);
    }

    public Plan withKnobs(Knobs simpler) {
        return new Plan(seed, simpler, faults, programmes);
    }
}
