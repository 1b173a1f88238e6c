package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;

/** One put in the prototypes: what was there before and what is there now. Its revision is the new version's. */
record Change(Bytes userKey, Version before, Version after) {
    long revision() {
        return after.modRevision();
    }
}
