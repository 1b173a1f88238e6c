package io.kvd.bench.workload;

/** What a caller does at a time. */
public enum Operation {
    /** Get of a key. */
    READ,
    /** Put of a key that is there. */
    UPDATE,
    /** Put of the next key that is not there yet. */
    INSERT,
    /** From a key on, the next rows. */
    SCAN,
    /** Get of a key, then put of the same; counted as one. */
    READ_MODIFY_WRITE;

    boolean writes() {
        return this != READ && this != SCAN;
    }
}
