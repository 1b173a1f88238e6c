package io.kvd.simulator.world;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.protocol.Consistency;

/**
 * One operation of a simulated client.
 *
 * @param number counts the world's operations, from 1
 * @param timeoutMs after which the client knows of an outcome in any case
 * @param mode what makes it safe to send a write again
 */
public record Operation(long number, long timeoutMs, WriteMode mode, Body body) {

    /** What is asked for. */
    public sealed interface Body {}

    public record Put(Bytes key, Bytes value) implements Body {}

    public record Delete(Bytes key) implements Body {}

    /** Puts if the key's mod revision is the expected one; 0 = if it is absent. */
    public record CompareAndSet(Bytes key, Bytes value, long expectedModRevision) implements Body {}

    /** Reads [from, to) in key order, at most {@code limit} rows; an empty {@code to} = the one key. */
    public record Read(Bytes from, Bytes to, long limit, Consistency consistency) implements Body {}

    public boolean isWrite() {
        return !(body instanceof Read);
    }

    /** Whether its answer must be the newest that there is. */
    public boolean isLinearizable() {
        return !(body instanceof Read read) || read.consistency() == Consistency.LINEARIZABLE;
    }
}
