package io.kvd.simulator.run;

import io.kvd.simulator.engine.EventTrace;

/** A program: prints the hash of each seed's events, a line a seed. */
public final class SeedHashes {
    private SeedHashes() {}

    /** @param args the first seed, and how many */
    public static void main(String[] args) {
        long first = Long.parseLong(args[0]);
        Simulator simulator = Simulator.inMemory();
        for (long seed = first; seed < first + Long.parseLong(args[1]); seed++) {
            RunResult result = simulator.run(seed, EventTrace.unread());
            System.out.println(seed + " " + Long.toHexString(result.traceHash()));
        }
    }
}
