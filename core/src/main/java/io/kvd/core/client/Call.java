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

    /** An earlier attempt of this write may have been applied. Only an answer of its session takes this back. */
    boolean maybeApplied;

    /** Attempts at other nodes since the last back-off: bounds redirect loops. */
    int hops;

    int backoffs;

    /** What last stood in the way, for the outcome if nothing better comes. */
    Outcome.Reason trouble = Outcome.Reason.TIMEOUT;

    String troubleText = "";

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

    void trouble(Outcome.Reason reason, String text) {
        trouble = reason;
        troubleText = text;
    }
}
