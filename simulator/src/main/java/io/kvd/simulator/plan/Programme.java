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

    public Programme {
        steps = List.copyOf(steps);
    }

    /** @param traits those of {@link FaultKind#isTrait} that are on */
    static Programme draw(Knobs knobs, Set<FaultKind> traits, SplittableRandom random) {
        int width = traits.contains(FaultKind.PIPELINE) && random.nextBoolean()
                ? 2 + random.nextInt(30)
                : 1;
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

    private static Step step(
            long think, Knobs knobs, Set<FaultKind> traits, SplittableRandom random) {
        boolean isHot = traits.contains(FaultKind.HOT_KEY) && random.nextInt(10) != 0;
        boolean isLarge = traits.contains(FaultKind.LARGE_VALUES) && random.nextInt(10) == 0;
        boolean givesUp = traits.contains(FaultKind.GIVE_UP) && random.nextInt(4) == 0;
        return new Step(
                think,
                kind(random),
                isHot ? 0 : random.nextInt(knobs.keys()),
                1 + random.nextInt(knobs.keys()),
                isLarge ? random.nextInt(LARGE_VALUE_BYTES) : random.nextInt(40),
                givesUp ? 1 + random.nextInt(20) : 500 + random.nextInt(6_000),
                random.nextInt(10) == 0 ? WriteMode.SESSIONLESS : WriteMode.SESSION);
    }

    private static Kind kind(SplittableRandom random) {
        int draw = random.nextInt(100);
        if (draw < 35) {
            return Kind.PUT;
        } else if (draw < 43) {
            return Kind.DELETE;
        } else if (draw < 53) {
            return Kind.SWAP;
        } else if (draw < 57) {
            return Kind.CREATE;
        } else if (draw < 59) {
            return Kind.SWAP_WRONG;
        } else if (draw < 84) {
            return Kind.GET;
        } else if (draw < 92) {
            return Kind.RANGE;
        }
        return draw < 97 ? Kind.STALE_GET : Kind.STALE_RANGE;
    }
}
