package io.kvd.bench.broken.server.net;

import io.kvd.bench.broken.server.storage.KnowsNet;

/** Breaks rule 4: see {@link KnowsNet}. */
public final class KnowsStorage {
    public void use(KnowsNet storage) {
        storage.use(this);
    }
}
