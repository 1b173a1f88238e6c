package io.kvd.simulator.engine;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;

import java.util.SplittableRandom;

/** One seed split into streams of random numbers by name, so that one part's draws don't move another's. */
public record Streams(long seed) {

    public SplittableRandom named(String name) {
        return new SplittableRandom(Hash128.of(Bytes.utf8(name)).then(seed).low());
    }
}
