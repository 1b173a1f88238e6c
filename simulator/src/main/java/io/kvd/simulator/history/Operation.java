package io.kvd.simulator.history;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;

import java.util.List;

/** What a client asked for. Each takes effect at one moment, or not at all. */
public sealed interface Operation {

    /** Answered with {@link Response.Found} or {@link Response.Absent}. */
    record Get(Bytes key) implements Operation {}

    /** Creates or replaces; answered with {@link Response.Written}. */
    record Put(Bytes key, Bytes value) implements Operation {}

    /** Puts the old value, nothing if the key was absent, and {@code suffix}; answered with {@link Response.Written}. */
    record Append(Bytes key, Bytes suffix) implements Operation {}

    /** Answered with {@link Response.Deleted}. Changes nothing if the key is absent. */
    record Delete(Bytes key) implements Operation {}

    /** Puts if the key is as expected, else changes nothing; answered with {@link Response.Compared}. */
    record CompareAndSet(Bytes key, Expected expected, Bytes value) implements Operation {}

    /**
     * Reads all keys from {@code from} on, in order, from one state; answered with {@link Response.Rows}.
     *
     * @param end the first key not read; empty: to the end of the keyspace
     */
    record Range(Bytes from, Bytes end) implements Operation {
        /** Whether the key lies in the range. */
        public boolean contains(Bytes key) {
            return key.compareTo(from) >= 0 && (end.isEmpty() || key.compareTo(end) < 0);
        }
    }

    /**
     * Does its parts at one moment, one after another, and all of its changes at one revision; answered with
     * {@link Response.Batched}.
     *
     * @param parts gets, puts, appends and deletes
     */
    record Batch(List<Operation> parts) implements Operation {
        public Batch {
            parts = List.copyOf(parts);
            for (Operation part : parts) {
                Check.that(
                        part instanceof Get
                                || part instanceof Put
                                || part instanceof Append
                                || part instanceof Delete,
                        "a batch can't hold %s",
                        part);
            }
        }
    }

    /** What a compare-and-set wants to find. */
    sealed interface Expected {
        /** The key's mod revision; 0: the key must be absent. */
        record Revision(long revision) implements Expected {}

        /** The key is present with this value. */
        record Value(Bytes value) implements Expected {}
    }

    /** Whether the operation changes nothing, whatever the state. */
    default boolean isRead() {
        return this instanceof Get
                || this instanceof Range
                || (this instanceof Batch batch
                        && batch.parts().stream().allMatch(Operation::isRead));
    }
}
