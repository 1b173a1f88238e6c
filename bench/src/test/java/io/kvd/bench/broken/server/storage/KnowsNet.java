package io.kvd.bench.broken.server.storage;

import io.kvd.bench.broken.server.net.KnowsStorage;

/** Breaks rule 4: storage and network don't know each other, and here they go in a circle. */
public final class KnowsNet {
    public void use(KnowsStorage net) {
        net.use(this);
    }
}
