package io.kvd.simulator.faults;

/**
 * Everything that the simulator does to a cluster. A seed switches each kind on or off and draws how often it comes.
 *
 * <p>Not here, because what they need does not exist in the product yet: restart with an older or newer version
 * (nothing was released), a wiped node's replacement and every other change of members (there is no membership change),
 * compaction (there is none), configuration reload, backup and restore, authentication.
 *
 * <p>Not here, because no log without copies can survive them and RocksDB's own checksums are what finds them: a disk
 * that says it synced and did not, misdirected writes. They are tests of the real stores, as torn writes and lost
 * directory entries are.
 */
public enum FaultKind {
    // Network, between nodes. Frames between clients and nodes are delayed, held back and cut off,
    // never lost alone.

    /** Single frames vanish. */
    LOSS(Family.NETWORK),
    /** Frames take many times longer. */
    DELAY(Family.NETWORK),
    /** Frames overtake others of their connection. */
    REORDER(Family.NETWORK),
    /** Frames come twice, the second one any time later. */
    DUPLICATE(Family.NETWORK),
    /** Frames of long ago come again, from earlier connections and lives too. */
    REPLAY(Family.NETWORK),
    /** Two sides that don't hear each other. */
    PARTITION(Family.NETWORK),
    /** One node is heard and hears nothing, or the other way round. */
    ONE_WAY_CUT(Family.NETWORK),
    /** Two nodes don't hear each other, all others hear both. */
    PARTIAL_CUT(Family.NETWORK),
    /** Two sides with one node that hears both. */
    BRIDGE(Family.NETWORK),
    /** Each node hears only its two neighbours in a ring. */
    RING(Family.NETWORK),
    /** A link that is cut and joined again and again. */
    FLAPPING(Family.NETWORK),
    /** A node's links hold back everything, then let go of all of it. */
    CLOG(Family.NETWORK),
    /** Links are clogged one by one, and let go one by one in another order. */
    SWIZZLE(Family.NETWORK),
    /** A bit of a frame flips. The receiver must notice, and close the connection. */
    CORRUPTION(Family.NETWORK),
    /** A connection breaks, in the middle of what is on it. */
    RESET(Family.NETWORK),
    /** Links carry few bytes a second. */
    BANDWIDTH(Family.NETWORK),

    // NodeProcess.

    /** kill -9, and a start later. */
    CRASH(Family.PROCESS),
    /** kill -9 within a turn: before, between or after its writes and sends. */
    CRASH_IN_TURN(Family.PROCESS),
    /** Every node at once. */
    CRASH_ALL(Family.PROCESS),
    /** kill -9 of a node as soon as it starts, several times. */
    CRASH_LOOP(Family.PROCESS),
    /** SIGSTOP and SIGCONT. */
    PAUSE(Family.PROCESS),
    /** The process stands still between two effects of one turn. */
    PAUSE_IN_TURN(Family.PROCESS),
    /** Everything on one node takes many times longer. */
    SLOW_NODE(Family.PROCESS),
    /** A node's data directory is lost. It must be refused for ever; destroys data, so it is budgeted. */
    WIPE(Family.PROCESS),
    /** A second process, with an empty directory, under the id of a running node. */
    IMPOSTER(Family.PROCESS),

    // Clock.

    /** A node's clock runs up to a tenth too fast or too slow. */
    DRIFT(Family.CLOCK),
    /** The wall clock jumps. Nothing may depend on it. */
    WALL_JUMP(Family.CLOCK),
    /** A node's clock and timers move in large steps. */
    COARSE_TIMER(Family.CLOCK),

    // Disk. What was not flushed is lost, to a random point, with every crash.

    /** A log write fails; the batch is there after the restart or it is not. The node halts. */
    FSYNC_ERROR(Family.DISK),
    /** The disk is full at a log write. The node halts; it starts when there is room. */
    NO_SPACE(Family.DISK),
    /** Reading log or state fails. The node halts. */
    READ_ERROR(Family.DISK),
    /** Writing or flushing the state fails. The node halts. */
    STATE_ERROR(Family.DISK),
    /** A bit of a persisted entry flips. The node must refuse to run on it; destroys data, so it is budgeted. */
    DAMAGE(Family.DISK),
    /** Each fsync takes many times longer. */
    SLOW_FSYNC(Family.DISK),

    // Operator.

    /** Leadership is handed over. */
    TRANSFER(Family.OPERATOR),
    /** A graceful stop, and a start later. */
    RESTART(Family.OPERATOR),
    /** Free space is below the soft limit for a while: no puts, and no log is kept for who lacks it. */
    LOW_SPACE(Family.OPERATOR),

    // Client.

    /** A client's connections break under its requests: it sends them again, with the same ids. */
    CLIENT_RESET(Family.CLIENT),
    /** A client can't reach one node, or reaches no other one than a node that nobody else hears. */
    CLIENT_CUT(Family.CLIENT),
    /** A client stands still for longer than its session lives. */
    CLIENT_PAUSE(Family.CLIENT),
    /** Deadlines that are too short to be met: the client gives up and forgets. */
    GIVE_UP(Family.CLIENT),
    /** Many requests of one client at once. */
    PIPELINE(Family.CLIENT),
    /** Most operations on one key. */
    HOT_KEY(Family.CLIENT),
    /** Values as large as many other requests together. */
    LARGE_VALUES(Family.CLIENT),

    // The last ones: a kind in front of others would change what seeds draw for those.

    /**
     * The leader's clock creeps while all that it sends or is sent waits, and then comes through, one neighbour after
     * the other: it believes to lead for longer than anybody follows it.
     */
    LAGGING_LEADER(Family.NETWORK),
    /** Pieces of snapshots are lost, come twice, late or damaged. */
    MANGLED_SNAPSHOT(Family.NETWORK),
    /** A node is sent what no correct member sends, in the name of one. It must refuse it and go on. */
    FORGERY(Family.NETWORK),
    /** A client's process ends, with a good-bye or without, and another one goes on. */
    CLIENT_END(Family.CLIENT),
    /** A copy of a node's directory is put back later. It must be refused for ever; destroys data, so it is budgeted. */
    OLD_COPY(Family.PROCESS);

    private final Family family;

    /** What a fault is done to. */
    public enum Family {
        NETWORK,
        PROCESS,
        CLOCK,
        DISK,
        OPERATOR,
        CLIENT
    }

    FaultKind(Family family) {
        this.family = family;
    }

    public Family family() {
        return family;
    }

    /** Whether it is a trait of what clients do, drawn with their programmes, rather than an event. */
    public boolean isTrait() {
        return this == GIVE_UP || this == PIPELINE || this == HOT_KEY || this == LARGE_VALUES;
    }
}
