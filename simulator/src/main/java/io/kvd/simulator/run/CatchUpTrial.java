package io.kvd.simulator.run;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeEvents.SendStep;
import io.kvd.core.node.NodeOptions;
import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.plan.Knobs;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.Violation;
import io.kvd.simulator.world.World;

import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/**
 * A member that was away until the leader's log begins behind its own comes back while clients go on writing. It must
 * come to lack no more than what was written just now, and a few snapshots must be enough for that: a member that is
 * sent one after the other is busy for ever, and no better for it.
 */
final class CatchUpTrial implements Observer {
    /** The log for which more is kept twice as often is a thousand times as long at the last one. */
    private static final int MAX_SNAPSHOTS = 8;

    private static final long MILLI = 1_000_000;
    private static final int VALUE_BYTES = 500;
    private static final int WRITE_MS = 3_000;
    /** So often a client writes. */
    private static final long STEP_MS = 20;

    /** After so many writes a member that was away must need a snapshot, or never will with these options. */
    private static final int MAX_WRITES_AWAY = 200;

    /** Options that are far beyond: nothing comes to be flushed, or everything is kept. */
    private static final long MAX_LOG_BYTES = 20_000;

    /** With less an entry takes a round trip or more, and even a steady client may be too fast for a follower. */
    private static final int MIN_APPEND_BYTES = 1_000;

    /** Of an election timeout: in that time what is written now is replicated to who is level. */
    private static final int LEVEL_PARTS = 8;

    private static final int TIMEOUTS = 60;
    private static final long RECONNECT_MS = 6_000;

    private final World world;
    private final Knobs knobs;
    private final List<ClientDriver> drivers;
    /** Whom a leader sends snapshots; 0 = none is counted. */
    private long receiver;

    private int snapshots;

    CatchUpTrial(World world, Knobs knobs, List<ClientDriver> drivers) {
        this.world = world;
        this.knobs = knobs;
        this.drivers = drivers;
        world.addObserver(this);
    }

    /** @throws Violation if it does not catch up */
    void run(Host leader, Host member) {
        if (!isLogShort() || !isAwayForTooLong(leader, member)) {
            return;
        }
        receiver = member.id();
        snapshots = 0;
        ArrayDeque<Long> written = new ArrayDeque<>();
        long window = knobs.electionTimeoutNanos() / LEVEL_PARTS / (STEP_MS * MILLI) + 1;
        boolean isLevel = until(
                () -> {
                    writeIfIdle(drivers.get(0));
                    written.addLast(indexOf(leader, RaftCore::appliedIndex));
                    boolean isFull = written.size() > window;
                    return isFull
                            && indexOf(member, RaftCore::appliedIndex) >= written.removeFirst();
                },
                RECONNECT_MS + TIMEOUTS * knobs.electionTimeoutNanos() / MILLI);
        receiver = 0;
        boolean isSameLeader =
                Leaders.newest(world).map(newest -> newest == leader).orElse(false);
        // A new leader may have less of the log, and begins anew.
        if (isSameLeader && (!isLevel || snapshots > MAX_SNAPSHOTS)) {
            throw new Violation(
                    "a member catches up while clients write",
                    "%s was sent %d snapshots by %s, and is at %d of %d"
                            .formatted(
                                    member,
                                    snapshots,
                                    leader,
                                    indexOf(member, RaftCore::appliedIndex),
                                    indexOf(leader, RaftCore::appliedIndex)));
        }
    }

    private boolean isLogShort() {
        NodeOptions node = knobs.node();
        return !drivers.isEmpty()
                && node.logRetainBytes() <= MAX_LOG_BYTES
                && node.flushAfterBytes() <= MAX_LOG_BYTES
                && node.raft().maxAppendBytes() >= MIN_APPEND_BYTES;
    }

    private boolean isAwayForTooLong(Host leader, Host member) {
        world.isolate(member.id());
        boolean isBehind = false;
        for (int i = 0; i < MAX_WRITES_AWAY && !isBehind; i++) {
            drivers.forEach(this::writeIfIdle);
            world.runFor(STEP_MS);
            isBehind = indexOf(member, raft -> raft.lastId().index())
                    < indexOf(leader, raft -> raft.logStart().index());
        }
        world.heal();
        return isBehind;
    }

    private void writeIfIdle(ClientDriver driver) {
        if (driver.isLastWriteDone()) {
            driver.beginLastWrite(WRITE_MS, VALUE_BYTES);
        }
    }

    private boolean until(BooleanSupplier condition, long maxMs) {
        long end = world.nowNanos() + maxMs * MILLI;
        while (!condition.getAsBoolean()) {
            if (world.nowNanos() > end || snapshots > MAX_SNAPSHOTS) {
                return false;
            }
            world.runFor(STEP_MS);
        }
        return true;
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        if (event instanceof NodeEvents.SnapshotSent sent
                && sent.step() == SendStep.BEGUN
                && sent.toNode() == receiver) {
            snapshots++;
        }
    }

    private static long indexOf(Host host, ToLongFunction<RaftCore> index) {
        return Leaders.raftOf(host).map(index::applyAsLong).orElse(0L);
    }
}
