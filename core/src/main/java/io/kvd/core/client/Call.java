package io.kvd.core.client;

import io.kvd.protocol.Consistency;

import org.jspecify.annotations.Nullable;

/** One submitted call on its way. Its timer is its deadline or, while it backs off, the earlier of that and the end of it. */
final class Call extends Timer {
    /** Who waits for the outcome: the user, or the machine itself. */
    enum Purpose {
        USER,
        OPEN_SESSION,
        KEEP_ALIVE,
        CLOSE_SESSION,
        LEARN_MEMBERS,
        PROBE
    }

    enum Stage {
        NEW,
        WAITING_FOR_SESSION,
        WAITING_FOR_CONNECTION,
        IN_FLIGHT,
        BACKING_OFF,
        DONE
    }

    /** An answer takes a few milliseconds; a follower with a slow disk, or a far one, some hundred. */
    private static final long MAX_RESERVE_NANOS = 250_000_000;

    /** This part of a call's whole time is left for the answer to its last attempt. */
    private static final int RESERVE_PART = 8;

    /** Counts up with each call of the machine: those that wait go on in this order. */
    final long serial;

    /** The user's name for it; 0 for the machine's own. */
    final long callId;

    final ClientCall what;
    final Purpose purpose;
    final long deadlineNanos;

    Stage stage = Stage.NEW;

    /** While waiting for a connection or in flight: the node. */
    @Nullable
    Node node;

    /** While in flight: the id on that node's connection. */
    long requestId;

    /** A session write that has its sequence: the session it belongs to. */
    @Nullable
    Session session;

    long sequence;

    /** While in flight: whether all of the request was handed to the network, so that the server may have it. */
    boolean sent;

    /** An earlier attempt of this write may have been applied. Only an answer of its session takes this back. */
    boolean maybeApplied;

    /** Why nobody knows whether that attempt was applied; empty unless {@link #maybeApplied}. */
    String doubtText = "";

    /** Attempts at other nodes since the last back-off: bounds redirect loops. */
    int hops;

    int backoffs;

    /** What last stood in the way, for the outcome if nothing better comes. */
    Outcome.Reason trouble = Outcome.Reason.TIMEOUT;

    /** In words; empty if nothing did so far. */
    private String troubleText = "";

    /** The node that said so; empty if nobody was reached. */
    private String toldBy = "";

    /** The last node that could not be reached, beside the one that said something. */
    private String unreachedText = "";

    Call(long serial, long callId, ClientCall what, Purpose purpose, long nowNanos) {
        this.serial = serial;
        this.callId = callId;
        this.what = what;
        this.purpose = purpose;
        this.deadlineNanos = nowNanos + what.timeoutMs() * 1_000_000;
    }

    boolean isWrite() {
        return what instanceof ClientCall.Write;
    }

    boolean isWrite(ClientCall.WriteMode mode) {
        return what instanceof ClientCall.Write write && write.mode() == mode;
    }

    /** Asked of one node and no other, once. */
    boolean isAsk() {
        return what instanceof ClientCall.Ask;
    }

    /** Any replica may serve it. */
    boolean isForAnyNode() {
        return what instanceof ClientCall.Read read
                && read.range().getConsistency() != Consistency.LINEARIZABLE;
    }

    /** Whether sending it once more can do no harm, though an earlier attempt may have been applied. */
    boolean isSafeToRepeat() {
        return !isWrite(ClientCall.WriteMode.SESSIONLESS) && !isAsk();
    }

    /** A node answered, and this stands in the way. */
    void toldTrouble(Outcome.Reason reason, String by, String text) {
        trouble = reason;
        troubleText = text;
        toldBy = by;
    }

    /**
     * A node can't be reached. What another one said counts for more: it is there, and it knows the cluster. Otherwise
     * the outcome would depend on whom this client happened to try last.
     */
    void unreached(String address, String text) {
        if (toldBy.isEmpty() || toldBy.equals(address)) {
            trouble = Outcome.Reason.CANNOT_CONNECT;
            troubleText = text;
            toldBy = "";
            unreachedText = "";
        } else {
            unreachedText = text;
        }
    }

    /** All that stood in the way, as far as it still does; empty if nothing did so far. */
    String troubles() {
        return unreachedText.isEmpty() ? troubleText : troubleText + "; " + unreachedText;
    }

    /** The attempt that ended now may have been applied. */
    void doubt(String why) {
        maybeApplied = true;
        doubtText = why;
    }

    /**
     * Whether it is too late for another attempt. A write that was not in doubt so far and is sent in the last moment
     * would be unknown only because its answer had no time to come.
     */
    boolean isTooLateToSend(long nowNanos) {
        return isWrite() && !maybeApplied && nowNanos - (deadlineNanos - reserveNanos() / 2) > 0;
    }

    /** When the last attempt should begin: drivers wake a little late, and a connection may have to be dialled. */
    long lastStartNanos() {
        return isWrite() && !maybeApplied ? deadlineNanos - reserveNanos() : deadlineNanos;
    }

    private long reserveNanos() {
        return Math.min(MAX_RESERVE_NANOS, what.timeoutMs() * 1_000_000 / RESERVE_PART);
    }
}
