package io.kvd.simulator.plan;

import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.plan.Step.Kind;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What one client does, step by step.
 *
 * @param width how many operations it has under way at once
 */
public record Programme(int width, List<Step> steps) {
    private static final int MAX_STEPS = 4_000;
    private static final int LARGE_VALUE_BYTES = 40_000;
    /** More than the reads that a node answers in one go. */
    private static final int MAX_BURST = 150;

    private static final int MAX_STALENESS_MS = 4_000;
    /** A nonce is used again and again, before and after its session ended. */
    private static final int NONCES = 3;

    private static final Kind[] FRESH = {
        Kind.PAGES, Kind.PAGES, Kind.KEYS, Kind.COUNT, Kind.COUNT_REST, Kind.BURST
    };
    private static final Kind[] WEAK = {
        Kind.STALE_GET,
        Kind.STALE_RANGE,
        Kind.AT_LEAST_GET,
        Kind.AT_LEAST_GET,
        Kind.AT_LEAST_RANGE,
        Kind.AT_LEAST_NEVER,
        Kind.BOUNDED_GET,
        Kind.BOUNDED_GET,
        Kind.BOUNDED_GET,
        Kind.BOUNDED_RANGE,
        Kind.BOUNDED_COUNT
    };
    private static final Kind[] ABOUT_SESSIONS = {
        Kind.OPEN_SESSION, Kind.OPEN_SESSION, Kind.CLOSE_SESSION, Kind.KEEP_SESSION_ALIVE
    };

    public Programme {
        steps = List.copyOf(steps);
    }

    /** @param traits those of {@link FaultKind#isTrait} that are on */
    static Programme draw(Knobs knobs, Set<FaultKind> traits, SplittableRandom random) {
        int width = drawWidth(traits, random);
        long meanThinkNanos = 5_000_000L + random.nextLong(100_000_000L);
        List<Step> steps = new ArrayList<>();
        long at = 0;
        while (at < knobs.safetyNanos() && steps.size() < MAX_STEPS) {
            long think = (long) (-Math.log(1 - random.nextDouble()) * meanThinkNanos);
            steps.add(step(think, knobs, traits, random));
            at += think;
        }
        return new Programme(width, steps);
    }

    // One client of four waits for each answer.
    private static int drawWidth(Set<FaultKind> traits, SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            return 1;
        }
        boolean isWide = traits.contains(FaultKind.PIPELINE) && random.nextBoolean();
        return 2 + random.nextInt(isWide ? 30 : 3);
    }

    private static Step step(
            long think, Knobs knobs, Set<FaultKind> traits, SplittableRandom random) {
        boolean isHot = traits.contains(FaultKind.HOT_KEY) && random.nextInt(10) != 0;
        boolean isLarge = traits.contains(FaultKind.LARGE_VALUES) && random.nextInt(10) == 0;
        boolean givesUp = traits.contains(FaultKind.GIVE_UP) && random.nextInt(4) == 0;
        Kind kind = kind(random);
        return new Step(
                think,
                kind,
                isHot ? 0 : random.nextInt(knobs.keys()),
                1 + random.nextInt(knobs.keys()),
                kind.writesValue() && isLarge
                        ? random.nextInt(LARGE_VALUE_BYTES)
                        : amount(kind, random),
                givesUp ? 1 + random.nextInt(20) : 500 + random.nextInt(6_000),
                random.nextInt(10) == 0 ? WriteMode.SESSIONLESS : WriteMode.SESSION);
    }

    private static int amount(Kind kind, SplittableRandom random) {
        return switch (kind) {
            case PAGES -> 1 + random.nextInt(4);
            case BURST -> 2 + random.nextInt(MAX_BURST);
            // Mostly what is there, sometimes what will be shortly.
            case AT_LEAST_GET, AT_LEAST_RANGE -> random.nextBoolean() ? 0 : random.nextInt(4) - 1;
            case BOUNDED_GET, BOUNDED_RANGE, BOUNDED_COUNT ->
                (int) Math.exp(random.nextDouble() * Math.log(MAX_STALENESS_MS));
            case OPEN_SESSION, CLOSE_SESSION, KEEP_SESSION_ALIVE -> random.nextInt(NONCES);
            default -> random.nextInt(40);
        };
    }

    private static Kind kind(SplittableRandom random) {
        int draw = random.nextInt(100);
        if (draw < 30) {
            return Kind.PUT;
        } else if (draw < 37) {
            return Kind.DELETE;
        } else if (draw < 46) {
            return Kind.SWAP;
        } else if (draw < 50) {
            return Kind.CREATE;
        } else if (draw < 52) {
            return Kind.SWAP_WRONG;
        } else if (draw < 65) {
            return Kind.GET;
        } else if (draw < 70) {
            return Kind.RANGE;
        } else if (draw < 82) {
            return pick(random, FRESH);
        } else if (draw < 97) {
            return pick(random, WEAK);
        }
        return pick(random, ABOUT_SESSIONS);
    }

    private static Kind pick(SplittableRandom random, Kind[] kinds) {
        return kinds[random.nextInt(kinds.length)];
    }
}
