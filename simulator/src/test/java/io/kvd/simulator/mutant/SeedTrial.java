package io.kvd.simulator.mutant;

import io.kvd.simulator.engine.EventTrace;
import io.kvd.simulator.run.RunResult;
import io.kvd.simulator.run.Simulator;
import io.kvd.simulator.world.Violation;

import java.util.List;
import java.util.function.LongFunction;

/**
 * Runs a seed on the classes that were loaded with this one: gives the invariant that was violated and a sentence on
 * it, or nothing. All its types are the JDK's, so that it can be called from outside of a {@link MutantLoader}.
 */
public final class SeedTrial implements LongFunction<List<String>> {
    /** Many times what a sound cluster needs: a mutant that gets busy with itself comes to an end, too. */
    private static final long MAX_EVENTS = 3_000_000;

    @Override
    public List<String> apply(long seed) {
        EventTrace trace = new EventTrace(new EndlessRun(), EventTrace.Detail.HASH_ONLY);
        RunResult result = Simulator.inMemory().run(seed, trace);
        return result.violations().stream()
                .findFirst()
                .map(found -> List.of(found.invariant(), String.valueOf(found.getMessage())))
                .orElse(List.of());
    }

    private static final class EndlessRun implements EventTrace.Reader {
        @Override
        public void checkpoint(long eventCount, long hash) {
            if (eventCount > MAX_EVENTS) {
                throw new Violation("a run comes to its end", eventCount + " events");
            }
        }
    }
}
