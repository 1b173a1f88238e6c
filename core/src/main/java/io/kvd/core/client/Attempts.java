package io.kvd.core.client;

import io.kvd.core.base.Check;
import io.kvd.core.client.Call.Purpose;
import io.kvd.core.client.Call.Stage;
import io.kvd.core.client.ClientCall.Ask;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.ClientOptions.WhenUnreachable;
import io.kvd.core.client.Outcome.Reason;
import io.kvd.core.client.Outcome.Unavailable;
import io.kvd.core.client.Outcome.Unknown;
import io.kvd.core.client.Verdict.Again;
import io.kvd.core.client.Verdict.When;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The way of each call from its submission to its one outcome. {@link #dispatch} starts an attempt, {@link Judge} says
 * what a reply means, {@link #tryAgain} leads back to the first or to a back-off, {@link #finish} is the only way out.
 */
final class Attempts {
    /** Attempts at other nodes without a back-off between them, so that redirects can't go round in circles. */
    static final int MAX_HOPS = 3;

    private static final String SESSION_EXPIRED = "its session expired before an answer came";

    private static final long MIN_BACKOFF_NANOS = 10_000_000L;
    private static final long MAX_BACKOFF_NANOS = 500_000_000L;

    /** A call of the machine's own that is over: its outcome is for {@link ClientCore}. */
    record Finished(Purpose purpose, Call call, Outcome<Answer> outcome) {}

    private final WhenUnreachable whenUnreachable;
    private final Timers timers;
    private final List<ClientOutput> outputs;
    private final Nodes nodes;
    private final Links links;
    private final SessionKeeper sessions;
    private final Backoff backoff;
    private final ArrayDeque<Finished> finishedOwn = new ArrayDeque<>();

    /** The last call that opens a session: what stands in its way stands in the way of those that wait for it. */
    private @Nullable Call opening;

    Attempts(
            WhenUnreachable whenUnreachable,
            Surroundings surroundings,
            SessionKeeper sessions,
            RandomGenerator random) {
        this.whenUnreachable = whenUnreachable;
        this.timers = surroundings.timers();
        this.outputs = surroundings.outputs();
        this.nodes = surroundings.nodes();
        this.links = surroundings.links();
        this.sessions = sessions;
        this.backoff = new Backoff(MIN_BACKOFF_NANOS, MAX_BACKOFF_NANOS, random);
    }

    /** What the calls of one machine share with its connections. */
    record Surroundings(Timers timers, List<ClientOutput> outputs, Nodes nodes, Links links) {}

    void start(Call call, long nowNanos) {
        timers.set(call, call.deadlineNanos);
        if (call.purpose == Purpose.OPEN_SESSION) {
            opening = call;
        }
        dispatch(call, nowNanos);
    }

    /** Begins an attempt, or lets the call wait for what it needs. The call must be in no queue. */
    void dispatch(Call call, long nowNanos) {
        call.stage = Stage.NEW;
        if (call.isWrite(WriteMode.SESSION) && !enterSession(call)) {
            return;
        }
        if (whenUnreachable == WhenUnreachable.GIVE_UP && !call.isAsk() && nodes.allUnreachable()) {
            end(call, Reason.CANNOT_CONNECT, Links.cannotConnect(nodes.all()));
            return;
        }
        Optional<Node> target = target(call);
        if (target.isEmpty()) {
            end(call, Reason.CANNOT_CONNECT, "too many different addresses");
            return;
        }
        Node node = target.get();
        if (node.isUp()) {
            send(call, node, nowNanos);
            return;
        }
        call.stage = Stage.WAITING_FOR_CONNECTION;
        call.node = node;
        node.waiting.put(call.serial, call);
        if (node.state == Node.State.IDLE || (node.isBackingOff() && call.isAsk())) {
            links.dial(node, nowNanos);
        }
    }

    private Optional<Node> target(Call call) {
        if (call.what instanceof Ask ask) {
            return nodes.at(ask.address());
        }
        return Optional.of(
                call.isForAnyNode() ? nodes.any(call.hops + call.backoffs) : nodes.leader());
    }

    /** Whether the session write has its sequence now; if not, it waits for the session or is over. */
    private boolean enterSession(Call call) {
        SessionKeeper.Entry entry = sessions.enter(call);
        if (entry == SessionKeeper.Entry.LOST) {
            end(call, Reason.TIMEOUT, SESSION_EXPIRED);
        }
        return entry == SessionKeeper.Entry.ENTERED;
    }

    private void send(Call call, Node node, long nowNanos) {
        if (call.isTooLateToSend(nowNanos)) {
            end(call, call.trouble, call.troubles().isEmpty() ? late(call) : call.troubles());
            return;
        }
        int bytes = Requests.maxBytes(call);
        if (bytes > node.maxFrameBytes) {
            refuseTooLarge(call, node, bytes);
            return;
        }
        call.stage = Stage.IN_FLIGHT;
        call.sent = true;
        call.node = node;
        node.inFlight.add(call);
        links.sent(node, nowNanos);
        outputs.add(new ClientOutput.Send(node.connection, Requests.request(call, nowNanos)));
    }

    /** Sent, it would cost us the connection and with it the certainty about every other write on it. */
    private void refuseTooLarge(Call call, Node node, int bytes) {
        String text = "the request is larger than " + node.address + " takes";
        // Another node may have taken it before.
        finish(
                call,
                call.maybeApplied
                        ? new Unknown<>(call.doubtText + "; " + text)
                        : new Outcome.Refused<>(Code.TOO_LARGE, text, node.maxFrameBytes, bytes));
    }

    /** The node answers the call, which is no longer among its requests. */
    void replied(Call call, Node node, Reply reply, long nowNanos) {
        call.stage = Stage.NEW;
        updateLeader(call, node, reply, nowNanos);
        Verdict verdict = Judge.judge(call, reply);
        if (verdict instanceof Verdict.Done done) {
            Session session = call.session;
            if (session != null && done.outcome() instanceof Outcome.Ok) {
                session.alive(nowNanos);
            }
            finish(call, done.outcome());
        } else if (verdict instanceof Verdict.SessionGone) {
            sessionGone(call, nowNanos);
        } else if (verdict instanceof Again again) {
            tryAgain(call, again, node, nowNanos);
        } else {
            throw new AssertionError("unhandled " + verdict);
        }
    }

    private void updateLeader(Call call, Node node, Reply reply, long nowNanos) {
        String hint = reply.getLeaderHint();
        if (!hint.isEmpty() && !hint.equals(node.address)) {
            nodes.hinted(reply.getLeaderId(), hint);
            // Whatever the address is good for, the leader may be among the endpoints that the user
            // gave.
            for (Node endpoint : nodes.mayBeLeader()) {
                links.dial(endpoint, nowNanos);
            }
            return;
        }
        Code code = reply.getCode();
        if (code == Code.OK && call.isWrite()) {
            nodes.leads(node);
        } else if (code == Code.NOT_LEADER
                || code == Code.NO_LEADER
                || code == Code.SHUTTING_DOWN) {
            nodes.doesNotLead(node);
        }
    }

    /** The connection was lost after the call was sent on it, so no answer will come. */
    void lostInFlight(Call call, Node node, String text, long nowNanos) {
        call.stage = Stage.NEW;
        call.unreached(node.address, text);
        if (call.isWrite() && call.sent) {
            call.doubt(text);
        }
        if (call.isAsk() || (call.maybeApplied && !call.isSafeToRepeat())) {
            end(call, Reason.CANNOT_CONNECT, text);
        } else {
            repeat(call, nowNanos);
        }
    }

    /** The connection that the call waited for did not come up. */
    void notConnected(Call call, Node node, String text, long nowNanos) {
        if (node.refusal == Code.BUSY || node.refusal == Code.SHUTTING_DOWN) {
            call.toldTrouble(Judge.reason(node.refusal), node.address, text);
        } else {
            call.unreached(node.address, text);
        }
        if (call.isAsk()) {
            end(call, Reason.CANNOT_CONNECT, text);
        } else {
            dispatch(call, nowNanos);
        }
    }

    private void tryAgain(Call call, Again again, Node node, long nowNanos) {
        // A node that names the leader did not serve the call, and the leader may be gone.
        String text =
                again.when() == When.NOW ? node.address + " says: " + again.text() : again.text();
        call.toldTrouble(again.trouble(), node.address, text);
        if (again.when() == When.LATER_MAYBE_APPLIED) {
            call.doubt(node.address + " does not know what became of it: " + again.text());
        }
        if (again.when() == When.NOW && mayHop(call)) {
            call.hops++;
            dispatch(call, nowNanos);
        } else {
            backOff(call, again.retryAfterMs() * 1_000_000, nowNanos);
        }
    }

    /** Asks another node at once, or this one later. */
    private void repeat(Call call, long nowNanos) {
        if (mayHop(call)) {
            call.hops++;
            dispatch(call, nowNanos);
        } else {
            backOff(call, 0, nowNanos);
        }
    }

    private boolean mayHop(Call call) {
        return call.hops < MAX_HOPS && nodes.all().size() > 1;
    }

    /** @param atLeastNanos what the server wants; 0 = as we like */
    private void backOff(Call call, long atLeastNanos, long nowNanos) {
        long leftNanos = call.lastStartNanos() - nowNanos;
        long delayNanos = atLeastNanos > 0
                ? backoff.atLeastNanos(atLeastNanos)
                : Math.min(leftNanos, backoff.delayNanos(call.backoffs));
        if (delayNanos > leftNanos || leftNanos <= 0) {
            // The server knows that it can't serve us in time: so does our caller, now.
            end(call, call.trouble, call.troubles());
            return;
        }
        call.hops = 0;
        call.backoffs++;
        call.stage = Stage.BACKING_OFF;
        timers.set(call, nowNanos + delayNanos);
    }

    /** This attempt of the write was not applied, since the session had expired; earlier ones may have been. */
    private void sessionGone(Call call, long nowNanos) {
        Session session = call.session;
        if (session == null) {
            throw new AssertionError(
                    "SESSION_EXPIRED for call " + call.serial + ", which has no session");
        }
        expire(session);
        if (call.stage != Stage.DONE) {
            dispatch(call, nowNanos);
        }
    }

    /** The session is gone. What it may have applied and will not answer any more is Unknown. */
    void expire(Session session) {
        sessions.expired(session);
        for (Call call : session.unanswered()) {
            // Those in flight are still answered, each by itself.
            if (call.maybeApplied && call.stage != Stage.IN_FLIGHT) {
                end(call, Reason.TIMEOUT, SESSION_EXPIRED);
            }
        }
    }

    /** The call's timer fired: its back-off is over, or its time. */
    void wake(Call call, long nowNanos) {
        if (call.deadlineNanos - nowNanos > 0) {
            timers.set(call, call.deadlineNanos);
            dispatch(call, nowNanos);
            return;
        }
        Call blocked = call;
        if (call.stage == Stage.WAITING_FOR_SESSION && opening != null) {
            blocked = opening;
        }
        if (!blocked.troubles().isEmpty()) {
            end(call, blocked.trouble, blocked.troubles());
        } else if (blocked.stage == Stage.WAITING_FOR_CONNECTION) {
            end(call, Reason.CANNOT_CONNECT, Links.cannotConnect(nodes.all()));
        } else {
            end(call, Reason.TIMEOUT, late(call));
        }
    }

    private static String late(Call call) {
        return "no answer within " + call.what.timeoutMs() + " ms";
    }

    /**
     * Gives up. What can't be ruled out decides between Unknown and Unavailable, and each is told with its own reason:
     * an earlier refusal does not explain why an attempt that is under way is in doubt.
     */
    void end(Call call, Reason reason, String text) {
        if (call.stage == Stage.IN_FLIGHT && call.isWrite()) {
            Node node = call.node;
            String to = node == null ? "a node" : node.address;
            call.doubt(reason == Reason.CLOSED ? text : "sent to " + to + ", " + late(call));
        }
        finish(
                call,
                call.maybeApplied
                        ? new Unknown<>(doubt(call, text))
                        : new Unavailable<>(reason, text));
    }

    private static String doubt(Call call, String text) {
        return text.equals(SESSION_EXPIRED) ? call.doubtText + "; " + text : call.doubtText;
    }

    /** Takes the call out of wherever it is, and completes it. */
    void finish(Call call, Outcome<Answer> outcome) {
        Check.that(call.stage != Stage.DONE, "call %d is over already", call.serial);
        Node node = call.node;
        if (node != null && call.stage == Stage.IN_FLIGHT) {
            node.inFlight.remove(call.requestId);
        } else if (node != null && call.stage == Stage.WAITING_FOR_CONNECTION) {
            node.waiting.remove(call.serial);
        }
        sessions.leave(call);
        timers.cancel(call);
        call.stage = Stage.DONE;
        if (call.purpose == Purpose.USER) {
            outputs.add(new ClientOutput.Complete(call.callId, outcome));
        } else {
            finishedOwn.add(new Finished(call.purpose, call, outcome));
        }
    }

    /** The next of the machine's own calls that is over. */
    Optional<Finished> takeFinishedOwn() {
        return Optional.ofNullable(finishedOwn.poll());
    }
}
