package io.kvd.simulator.world;

import io.kvd.core.kv.StateStores;
import io.kvd.core.node.LogStore;

import java.util.random.RandomGenerator;

/** The data directory of one simulated node; outlives its processes. */
public interface NodeStores extends AutoCloseable {
    /** The log, not restored yet. Called once a life. */
    LogStore log();

    /** The states. Called once a life, after the log was restored. */
    StateStores states();

    /** The process is gone without a word: what was not durable is lost, as {@code random} decides. */
    void crash(RandomGenerator random);

    /** Flips a bit of a persisted entry, if the log has one there and this kind of store can; false if not. */
    boolean damage(long groupId, long index);

    /** Deletes it. */
    @Override
    void close();
}
