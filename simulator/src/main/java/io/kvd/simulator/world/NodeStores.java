package io.kvd.simulator.world;

import io.kvd.core.kv.SnapshotStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.RestoredLog;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** The data directory of one simulated node; outlives its processes. */
public interface NodeStores extends AutoCloseable {
    /** The log, not restored yet. Called once a life. */
    LogStore log();

    /** The states. Called once a life, after the log was restored. */
    StateStores states();

    /** Snapshots in transfer from and to the states. Called once a life, after those. */
    SnapshotStore snapshots();

    /** As a start does: deletes the states that the log does not name (P5), and what was in transfer. */
    void accept(RestoredLog log);

    /** The process is gone without a word: what was not durable is lost, as {@code random} decides. */
    void crash(RandomGenerator random);

    /** Flips a bit of a persisted entry, if the log has one there and this kind of store can; false if not. */
    boolean damage(long groupId, long index);

    /** A copy of it as it is on disk now, made while it may be in use; empty if this kind of store can't. */
    Optional<NodeStores> copy();

    /** Deletes it. */
    @Override
    void close();
}
