package io.kvd.bench.broken.core.raft;

import java.util.concurrent.atomic.AtomicLong;

/** Breaks rule 1: the algorithm runs on one thread. */
public final class UsesConcurrency {
    private final AtomicLong term = new AtomicLong();

    public long term() {
        return term.get();
    }
}
