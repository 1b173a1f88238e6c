package io.kvd.simulator.plan;

import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Draws a run's faults. Times are measured in election timeouts, so that a cluster with slow timers meets as many
 * faults in an election as one with fast ones. Faults that destroy data hit less than half of the members, whatever
 * comes: a quorum that holds every acknowledged entry remains.
 */
final class FaultDrawing {
    /** Of one kind in one run. */
    private static final int MAX_OF_A_KIND = 8;

    private final Knobs knobs;
    private final SplittableRandom random;
    /** Whose data may be destroyed: always the same few. */
    private final TreeSet<Integer> expendable = new TreeSet<>();

    FaultDrawing(Knobs knobs, SplittableRandom random) {
        this.knobs = knobs;
        this.random = random;
        while (expendable.size() < (knobs.nodes() - 1) / 2) {
            expendable.add(1 + random.nextInt(knobs.nodes()));
        }
    }

    List<Fault> draw(Set<FaultKind> kinds) {
        List<Fault> faults = new ArrayList<>();
        for (FaultKind kind : FaultKind.values()) {
            // Drawn whether it is on or not, so that switching one kind off leaves the others.
            SplittableRandom own = random.split();
            if (kinds.contains(kind) && !kind.isTrait()) {
                draw(kind, own, faults);
            }
        }
        Collections.sort(faults);
        return faults;
    }

    private void draw(FaultKind kind, SplittableRandom own, List<Fault> faults) {
        boolean destroysData = destroysData(kind);
        if (destroysData && expendable.isEmpty()) {
            return;
        }
        int count = 1 + own.nextInt(MAX_OF_A_KIND);
        for (int i = 0; i < count; i++) {
            int target = destroysData ? pick(expendable, own) : target(kind, own);
            faults.add(new Fault(
                    kind,
                    at(kind, own),
                    lasts(kind, own),
                    target,
                    rate(kind, own),
                    own.nextLong()));
        }
    }

    private static boolean destroysData(FaultKind kind) {
        return kind == FaultKind.WIPE || kind == FaultKind.DAMAGE || kind == FaultKind.OLD_COPY;
    }

    private static int pick(Set<Integer> from, SplittableRandom own) {
        return new ArrayList<>(from).get(own.nextInt(from.size()));
    }

    private int target(FaultKind kind, SplittableRandom own) {
        if (kind.family() == FaultKind.Family.CLIENT) {
            return 1 + own.nextInt(Math.max(1, knobs.clients()));
        }
        if (kind == FaultKind.LAGGING_LEADER) {
            return Fault.THE_LEADER;
        }
        return own.nextInt(3) == 0 ? Fault.THE_LEADER : 1 + own.nextInt(knobs.nodes());
    }

    private long at(FaultKind kind, SplittableRandom own) {
        long at = own.nextLong(knobs.safetyNanos());
        // Not before there is something to destroy.
        boolean destroysData = destroysData(kind);
        return destroysData ? Math.max(at, knobs.safetyNanos() / 4) : at;
    }

    private long lasts(FaultKind kind, SplittableRandom own) {
        double timeouts = switch (kind) {
            case CRASH,
                    CRASH_IN_TURN,
                    CRASH_ALL,
                    RESTART,
                    FSYNC_ERROR,
                    NO_SPACE,
                    READ_ERROR,
                    STATE_ERROR,
                    DAMAGE,
                    WIPE -> own.nextInt(3) == 0 ? own.nextDouble() * 0.1 : own.nextDouble() * 4;
            case PAUSE, PAUSE_IN_TURN -> own.nextDouble() * 3;
            // It is restarted meanwhile, and seen.
            case OLD_COPY -> 4 + own.nextDouble() * 20;
            case LAGGING_LEADER -> 1 + own.nextDouble() * 4;
            // Snapshots are rare and quickly sent.
            case MANGLED_SNAPSHOT -> 2 + own.nextDouble() * 20;
            case CLIENT_PAUSE -> own.nextDouble() * 10;
            default -> 0.2 + own.nextDouble() * 5;
        };
        return (long) (timeouts * knobs.electionTimeoutNanos());
    }

    private double rate(FaultKind kind, SplittableRandom own) {
        return switch (kind) {
            case LOSS, REORDER, DUPLICATE, MANGLED_SNAPSHOT -> own.nextDouble() * 0.5;
            case CORRUPTION -> own.nextDouble() * 0.1;
            case DELAY -> 2 + own.nextDouble() * 30;
            case SLOW_NODE -> 2 + own.nextDouble() * 20;
            case SLOW_FSYNC -> 5 + own.nextDouble() * 100;
            // From a kilobyte to some hundred of them a second.
            case BANDWIDTH -> Math.exp(7 + own.nextDouble() * 6);
            default -> own.nextDouble();
        };
    }
}
