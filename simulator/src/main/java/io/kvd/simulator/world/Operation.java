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

    /**
     * Reads [from, to) in key order; an empty {@code to} = the one key, a single zero byte = to the end of the
     * keyspace.
     */
    public record Read(Bytes from, Bytes to, Part part, Demand demand) implements Body {}

    /** Opens a session beside the client's own; the same nonce names the same session while it is open. */
    public record OpenSession(Bytes nonce, long ttlMs) implements Body {}

    public record CloseSession(long sessionId) implements Body {}

    public record KeepSessionAlive(long sessionId) implements Body {}

    /**
     * What of its range a read is answered.
     *
     * @param limit how many rows at most, 0 = as many as an answer holds
     */
    public record Part(long limit, Content content) {
        public static final Part ALL = new Part(0, Content.ROWS);
    }

    /** What a read wants to know of each row. */
    public enum Content {
        ROWS,
        KEYS,
        COUNT
    }

    /**
     * How recent a read's answer must be.
     *
     * @param amount of AT_LEAST: the revision; of BOUNDED: milliseconds
     */
    public record Demand(Consistency consistency, long amount) {
        public static final Demand LINEARIZABLE = new Demand(Consistency.LINEARIZABLE, 0);
        public static final Demand STALE = new Demand(Consistency.STALE, 0);
    }

    public boolean isWrite() {
        return !(body instanceof Read);
    }
}
