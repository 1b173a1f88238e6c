package io.kvd.bench.target;

import io.kvd.core.base.Bytes;

/**
 * A store. All its operations are linearizable, and a put is acknowledged once it is as durable as the store makes it.
 * Any thread may call; none waits.
 */
public interface Target extends AutoCloseable {

    void get(Bytes key, Completion completion);

    void put(Bytes key, Bytes value, Completion completion);

    /** The first rows from the key on, at most so many, from one state. */
    void scan(Bytes from, int rows, Completion completion);

    /** Ends the client. What is under way fails. */
    @Override
    void close();
}
