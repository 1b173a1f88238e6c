package io.kvd.simulator.world;

import io.kvd.core.base.StorageException;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.faults.FaultTally;

import java.util.EnumMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What will go wrong at a host's doors: each trap goes off once, at the door call that it is set for. Outlives
 * processes, as a bad disk does.
 */
public final class DoorFaults {
    private final FaultTally tally;
    private final Map<Trap, Armed> armed = new EnumMap<>(Trap.class);
    private Unflushed unflushed = Unflushed.DRAWN;

    /** What goes off where. */
    public enum Trap {
        /** Any door call of a turn, before its effect. */
        DIE_BEFORE(FaultKind.CRASH_IN_TURN),
        /** Any door call of a turn, in its midst: half of a flush or of some messages, the whole of a write. */
        DIE_WITHIN(FaultKind.CRASH_IN_TURN),
        /** Any door call of a turn, after its effect. */
        DIE_AFTER(FaultKind.CRASH_IN_TURN),
        /** Any door call of a turn: takes {@code nanos} longer. */
        STALL(FaultKind.PAUSE_IN_TURN),
        /** A log write, which leaves nothing. */
        LOG_WRITE_LOST(FaultKind.FSYNC_ERROR),
        /** A log write, which is there all the same. */
        LOG_WRITE_KEPT(FaultKind.FSYNC_ERROR),
        LOG_FULL(FaultKind.NO_SPACE),
        LOG_READ(FaultKind.READ_ERROR),
        STATE_READ(FaultKind.READ_ERROR),
        STATE_WRITE(FaultKind.STATE_ERROR),
        STATE_FLUSH(FaultKind.STATE_ERROR);

        private final FaultKind kind;

        Trap(FaultKind kind) {
            this.kind = kind;
        }
    }

    /** What a crash leaves of the state's batches that were not flushed, in order. */
    public enum Unflushed {
        /** Any number of them. */
        DRAWN,
        LOST,
        /** The first half, rounded up. */
        HALF,
        KEPT
    }

    /** @param callsLeft goes off at the call that finds 0 */
    private record Armed(int callsLeft, long nanos) {}

    DoorFaults(FaultTally tally) {
        this.tally = tally;
    }

    /** Sets a trap for the {@code calls + 1}th call from now on; instead of one of its kind that is set. */
    public void arm(Trap trap, int calls, long nanos) {
        armed.put(trap, new Armed(calls, nanos));
    }

    /** The next crash leaves so much. */
    public void leave(Unflushed share) {
        unflushed = share;
    }

    /** The process is gone: draws how many batches that leaves. */
    RandomGenerator survivors(RandomGenerator random) {
        Unflushed share = unflushed;
        unflushed = Unflushed.DRAWN;
        return share == Unflushed.DRAWN ? random : new FixedShare(share);
    }

    /** Always the same share of the bound. */
    private record FixedShare(Unflushed share) implements RandomGenerator {
        @Override
        public int nextInt(int bound) {
            return switch (share) {
                case LOST -> 0;
                case HALF -> bound / 2;
                case KEPT -> bound - 1;
                case DRAWN -> throw new AssertionError("drawn from another generator");
            };
        }

        @Override
        public long nextLong() {
            throw new AssertionError("only shares are drawn");
        }
    }

    public void disarmAll() {
        armed.clear();
        unflushed = Unflushed.DRAWN;
    }

    /** Whether the trap goes off at this call; it is counted then. */
    boolean springs(Trap trap) {
        if (armed.isEmpty()) {
            return false;
        }
        Armed set = armed.get(trap);
        if (set == null) {
            return false;
        }
        if (set.callsLeft() > 0) {
            armed.put(trap, new Armed(set.callsLeft() - 1, set.nanos()));
            return false;
        }
        armed.remove(trap);
        tally.count(trap.kind);
        return true;
    }

    /** How much longer this call takes. */
    long stallNanos() {
        Armed set = armed.isEmpty() ? null : armed.get(Trap.STALL);
        return set != null && springs(Trap.STALL) ? set.nanos() : 0;
    }

    /** Fails if one of the kind's traps goes off. */
    void failIf(Trap trap, StorageException.Kind kind, String doing) {
        if (springs(trap)) {
            throw new StorageException(kind, doing + ": injected");
        }
    }
}
