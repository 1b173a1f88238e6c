package io.kvd.bench.workload;

import io.kvd.core.base.Bytes;

/**
 * One thing to do.
 *
 * @param number of the key
 * @param value what to put; empty if the operation puts nothing
 * @param rows how many a scan reads at most; 0 for all else
 */
public record Request(Operation operation, long number, Bytes value, int rows) {

    public Bytes key() {
        return KeySpace.key(number);
    }
}
