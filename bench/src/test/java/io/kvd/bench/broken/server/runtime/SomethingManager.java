package io.kvd.bench.broken.server.runtime;

import java.util.Optional;

/** Breaks all of rule 6. */
@SuppressWarnings("all")
public final class SomethingManager {
    public int mutable;

    public void take(Optional<String> maybe) {}

    public void choose(boolean fast) {}
}
