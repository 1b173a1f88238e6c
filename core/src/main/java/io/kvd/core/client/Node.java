package io.kvd.core.client;

import io.kvd.protocol.Code;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** A node as this client knows it: an address, the one connection to it, and the calls that use or await it. */
final class Node extends Timer {
    /** What the node's timer means in each state is in brackets. */
    enum State {
        /** Not needed so far. */
        IDLE,
        /** Dialled, the handshake is not through (give up dialling). */
        CONNECTING,
        /** Takes requests (see whether it is still there). */
        UP,
        /** The last connection failed (dial again if somebody waits). */
        BACKING_OFF
    }

    final String address;
    final RequestRing inFlight = new RequestRing();
    final TreeMap<Long, Call> waiting = new TreeMap<>();

    State state = State.IDLE;

    /** Id of the current connection or dial attempt; 0 = none. */
    long connection;

    /** While it is up, from its handshake, else from another node's member list; 0 = not known. */
    long nodeId;

    /** The largest frame body it takes. */
    int maxFrameBytes = Integer.MAX_VALUE;

    /** Connections lost and dialled in vain since the last answer: how long to wait before the next try. */
    int failures;

    /** The listener took the current connection; whether it talks to us, its handshake says. */
    boolean accepted;

    /** The code with which the listener refused the last handshake; OK if it refused none. */
    Code refusal = Code.OK;

    /**
     * The last dial failed for a reason that the next one would meet again. Neither a connection that was lost says that,
     * nor one that was taken and closed again: somebody is there, and may have time for us later.
     */
    boolean unreachable;

    /** Why the last connection failed, in words. */
    String lastFailure = "";

    /** When it was last heard, or when the first request was sent after a quiet time. */
    long quietSinceNanos;

    /** A ping was sent because it was quiet, and nothing was heard since. */
    boolean probed;

    Node(String address) {
        this.address = address;
    }

    boolean isUp() {
        return state == State.UP;
    }

    /** Dialled in vain, and not to be dialled right now. */
    boolean isUnreachable() {
        return unreachable && isBackingOff();
    }

    boolean isBackingOff() {
        return state == State.BACKING_OFF;
    }

    /** Empties the queue of calls that wait for the connection. Oldest first. */
    List<Call> takeWaiting() {
        List<Call> calls = new ArrayList<>(waiting.values());
        waiting.clear();
        return calls;
    }
}
