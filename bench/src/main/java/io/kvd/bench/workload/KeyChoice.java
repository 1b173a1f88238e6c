package io.kvd.bench.workload;

import java.util.Locale;
import java.util.SplittableRandom;

/** Which of the keys that are there is asked for. */
public enum KeyChoice {
    /** Each as often as any other. */
    UNIFORM,
    /** Few very often, scattered over all keys: see {@link Zipfian}. */
    ZIPFIAN,
    /** The newest most often. */
    LATEST;

    /** Chooses among the keys of one space. Immutable; callers bring a source of chance of their own. */
    interface Chooser {
        long next(SplittableRandom random);
    }

    Chooser of(KeySpace keys) {
        switch (this) {
            case UNIFORM -> {
                return random -> random.nextLong(keys.loaded());
            }
            case ZIPFIAN -> {
                Zipfian ranks = new Zipfian(keys.loaded());
                return random -> scatter(ranks.next(random), keys.loaded());
            }
            case LATEST -> {
                Zipfian ages = new Zipfian(keys.loaded());
                return random -> keys.size() - 1 - ages.next(random);
            }
        }
        throw new AssertionError("unhandled " + this);
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    // The first step of SplitMix64: neighbouring ranks must not be neighbouring keys.
    private static long scatter(long rank, long count) {
        long mixed = (rank + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return Long.remainderUnsigned(mixed ^ (mixed >>> 31), count);
    }
}
