package io.kvd.core.client;

import io.kvd.core.client.Attempts.Finished;
import io.kvd.core.client.Attempts.Surroundings;
import io.kvd.core.client.Call.Purpose;
import io.kvd.core.client.Call.Stage;
import io.kvd.core.client.ClientCall.Ask;
import io.kvd.core.client.ClientCall.Question;
import io.kvd.core.client.ClientCall.Write;
import io.kvd.core.client.ClientOptions.Discovery;
import io.kvd.core.client.Outcome.Reason;
import io.kvd.protocol.Code;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.Reply;
import io.kvd.protocol.StatusResult;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Everything a client decides, as a step machine without clock, thread or socket. A driver reports what happened
 * ({@link #submit}, {@link #connectionUp}, {@link #connectionLost}, {@link #received}), does what {@link #takeOutputs}
 * says, and calls {@link #wake} when {@link #nanosUntilWake} have passed. Each submitted call is completed exactly
 * once, at its deadline at the latest.
 *
 * <p>This class holds the parts together and follows the nodes; the way of a call is in {@link Attempts}. Owned by the
 * driver's one thread. {@code nowNanos} is any clock that does not go back; it may wrap around.
 */
public final class ClientCore {
    /** How often at most a connection that comes up makes us ask for the list of members. */
    static final long LEARN_INTERVAL_NANOS = 30_000_000_000L;

    /** For questions of our own to a node, and for saying good-bye. */
    static final int OWN_TIMEOUT_MS = 2_000;

    private final ClientOptions options;
    private final Timers timers = new Timers();
    private final List<ClientOutput> outputs = new ArrayList<>();
    private final Nodes nodes;
    private final Links links;
    private final SessionKeeper sessions;
    private final Attempts attempts;

    /** Serial of the last call. Counts up. */
    private long lastSerial;

    /** A list of members was asked for, at {@link #learnNanos}, and not refused. */
    private boolean learned;

    private long learnNanos;
    private boolean closing;
    private boolean closed;

    /** @param random makes jitter and session nonces; seeded so that no two clients draw the same nonce */
    public ClientCore(ClientOptions options, RandomGenerator random) {
        this.options = options;
        this.nodes = new Nodes(options.endpoints());
        this.links = new Links(options, timers, outputs, random);
        this.sessions = new SessionKeeper(options, timers, random);
        this.attempts = new Attempts(
                options.whenUnreachable(),
                new Surroundings(timers, outputs, nodes, links),
                sessions,
                random);
    }

    /** Starts a call; its outcome comes as {@code Complete(callId, …)}. Ids are the caller's and mean nothing here. */
    public void submit(long callId, ClientCall what, long nowNanos) {
        Call call = new Call(++lastSerial, callId, what, Purpose.USER, nowNanos);
        if (closing) {
            attempts.end(call, Reason.CLOSED, "the client is closed");
        } else {
            attempts.start(call, nowNanos);
        }
        settle(nowNanos);
    }

    /** The listener took the connection; its handshake is not answered yet. Ignored for a connection that is over. */
    public void accepted(long connection) {
        nodes.ofConnection(connection).ifPresent(node -> node.accepted = true);
    }

    /**
     * Not all bytes of this request and of those behind it were handed to the network, and none will be: the server
     * does not have them. To be told before {@link #connectionLost}; without it, all is taken to have left.
     */
    public void notSent(long connection, long fromRequestId) {
        nodes.ofConnection(connection)
                .ifPresent(node -> node.inFlight.forEach(call -> {
                    call.sent = call.sent && call.requestId < fromRequestId;
                }));
    }

    /** The handshake was answered, whatever the code. Ignored for a connection that is over. */
    public void connectionUp(long connection, HandshakeReply reply, long nowNanos) {
        Optional<Node> found = nodes.ofConnection(connection);
        if (found.isEmpty()) {
            return;
        }
        Node node = found.get();
        String complaint = links.complaint(reply);
        if (!complaint.isEmpty()) {
            boolean isPeaceful = reply.getCode() == Code.OK;
            links.disconnect(node);
            node.refusal = isPeaceful ? Code.WRONG_CLUSTER : reply.getCode();
            lost(node, complaint, nowNanos);
        } else {
            links.up(node, reply);
            Node kept = mergeTwins(node);
            nodes.foundLeader(kept).ifPresent(before -> dispatchWaiting(before, nowNanos));
            dispatchWaiting(kept, nowNanos);
            learnMembers(kept, nowNanos);
        }
        settle(nowNanos);
    }

    /** The connection is gone, or dialling failed; the reason is for people. Ignored for a connection that is over. */
    public void connectionLost(long connection, String reason, long nowNanos) {
        Optional<Node> found = nodes.ofConnection(connection);
        if (found.isPresent()) {
            lost(found.get(), reason, nowNanos);
            settle(nowNanos);
        }
    }

    /** A reply came in. Ignored if nobody waits for it any more. */
    public void received(long connection, Reply reply, long nowNanos) {
        Optional<Node> found = nodes.ofConnection(connection);
        if (found.isPresent()) {
            Node node = found.get();
            links.heard(node, nowNanos);
            Optional<Call> call = node.inFlight.remove(reply.getRequestId());
            if (call.isPresent()) {
                attempts.replied(call.get(), node, reply, nowNanos);
                settle(nowNanos);
            }
        }
    }

    /** Does what is due. Drivers report what they received before they wake the machine, so no answer is overlooked. */
    public void wake(long nowNanos) {
        for (Optional<Timer> due = timers.pollDue(nowNanos);
                due.isPresent();
                due = timers.pollDue(nowNanos)) {
            Timer timer = due.get();
            if (timer instanceof Call call) {
                attempts.wake(call, nowNanos);
            } else if (timer instanceof Node node) {
                wakeNode(node, nowNanos);
            } else if (timer instanceof Session session) {
                Optional<Write> keepAlive = sessions.keepAlive(session, nowNanos);
                if (keepAlive.isPresent()) {
                    startOwn(keepAlive.get(), Purpose.KEEP_ALIVE, nowNanos);
                }
            } else {
                throw new AssertionError("unhandled " + timer);
            }
            settle(nowNanos);
        }
    }

    /**
     * Ends every call and refuses new ones, closes the session if the leader can be told, then all connections. The
     * machine still has to be driven until {@link #isClosed}: for {@value #OWN_TIMEOUT_MS} ms at most.
     */
    public void close(long nowNanos) {
        if (closing) {
            return;
        }
        closing = true;
        List<Call> calls = new ArrayList<>();
        for (Timer timer : timers.all()) {
            if (timer instanceof Call call) {
                calls.add(call);
            }
        }
        calls.sort(Comparator.comparingLong(call -> call.serial));
        for (Call call : calls) {
            if (call.stage != Stage.DONE) {
                attempts.end(call, Reason.CLOSED, "the client was closed");
            }
        }
        settle(nowNanos);
        Optional<Write> goodbye =
                nodes.leader().isUp() ? sessions.close(OWN_TIMEOUT_MS) : Optional.empty();
        if (goodbye.isPresent()) {
            startOwn(goodbye.get(), Purpose.CLOSE_SESSION, nowNanos);
        } else {
            disconnectAll();
        }
    }

    public boolean isClosed() {
        return closed;
    }

    /** {@code Long.MAX_VALUE} if nothing changes before the next input. */
    public long nanosUntilWake(long nowNanos) {
        return timers.nanosUntilNext(nowNanos);
    }

    /** What is to be done since the last call of this, in this order. */
    public List<ClientOutput> takeOutputs() {
        if (outputs.isEmpty()) {
            return List.of();
        }
        List<ClientOutput> taken = new ArrayList<>(outputs);
        outputs.clear();
        return taken;
    }

    /** Does what follows from an input: the outcomes of our own calls, and the session's queue. */
    private void settle(long nowNanos) {
        for (Optional<Finished> own = attempts.takeFinishedOwn();
                own.isPresent();
                own = attempts.takeFinishedOwn()) {
            finishedOwn(own.get(), nowNanos);
        }
        for (Optional<Call> next = sessions.admit(); next.isPresent(); next = sessions.admit()) {
            attempts.dispatch(next.get(), nowNanos);
        }
        Optional<Write> open = closing ? Optional.empty() : sessions.wanted();
        if (open.isPresent()) {
            startOwn(open.get(), Purpose.OPEN_SESSION, nowNanos);
            settle(nowNanos);
        }
    }

    private void startOwn(ClientCall what, Purpose purpose, long nowNanos) {
        attempts.start(new Call(++lastSerial, 0, what, purpose, nowNanos), nowNanos);
    }

    private void finishedOwn(Finished own, long nowNanos) {
        switch (own.purpose()) {
            case OPEN_SESSION -> openFinished(own.outcome(), nowNanos);
            case KEEP_ALIVE -> keepAliveFinished(own.outcome(), nowNanos);
            case CLOSE_SESSION -> disconnectAll();
            case LEARN_MEMBERS -> learnFinished(own.outcome());
            case PROBE -> {}
            case USER -> throw new AssertionError("a user's call is not our own");
        }
    }

    private void openFinished(Outcome<Answer> outcome, long nowNanos) {
        if (outcome instanceof Outcome.Ok<Answer> ok) {
            sessions.opened(ok.value().result().getOpenSession(), nowNanos);
            return;
        }
        sessions.openFailed();
        for (Call call : sessions.takeWaiting()) {
            if (outcome instanceof Outcome.Refused<Answer>) {
                attempts.finish(call, outcome);
            } else if (outcome instanceof Outcome.Unavailable<Answer> unavailable) {
                attempts.end(call, unavailable.reason(), unavailable.message());
            } else {
                attempts.end(call, Reason.TIMEOUT, "no session could be opened");
            }
        }
    }

    private void keepAliveFinished(Outcome<Answer> outcome, long nowNanos) {
        Optional<Session> session = sessions.current();
        if (session.isPresent() && outcome instanceof Outcome.Ok<Answer>) {
            session.get().alive(nowNanos);
        } else if (session.isPresent()
                && outcome instanceof Outcome.Refused<Answer> refused
                && refused.code() == Code.SESSION_EXPIRED) {
            attempts.expire(session.get());
        }
    }

    // Nodes.

    private void lost(Node node, String reason, long nowNanos) {
        String text = (node.isUp() ? "lost the connection to " : "cannot connect to ")
                + node.address + ": " + reason;
        if (node.state == Node.State.CONNECTING && node.accepted) {
            text += " before the handshake";
        }
        nodes.disconnected(node);
        links.lost(node, reason, nowNanos);
        nodes.doesNotLead(node);
        for (Call call : node.inFlight.removeAll()) {
            attempts.lostInFlight(call, node, text, nowNanos);
        }
        for (Call call : node.takeWaiting()) {
            attempts.notConnected(call, node, text, nowNanos);
        }
    }

    private void wakeNode(Node node, long nowNanos) {
        switch (links.due(node, nowNanos)) {
            case PROBE ->
                startOwn(
                        new Ask(node.address, Question.PING, OWN_TIMEOUT_MS),
                        Purpose.PROBE,
                        nowNanos);
            case DEAD -> {
                outputs.add(new ClientOutput.Disconnect(node.connection));
                lost(node, node.lastFailure, nowNanos);
            }
            case REDIAL -> dispatchWaiting(node, nowNanos);
            case NOTHING -> {}
        }
    }

    /** Those who waited for this node's connection go on: there, or where they are better off by now. */
    private void dispatchWaiting(Node node, long nowNanos) {
        for (Call call : node.takeWaiting()) {
            attempts.dispatch(call, nowNanos);
        }
    }

    /** The node that just came up may be one that we know under another address: one connection is enough. */
    private Node mergeTwins(Node node) {
        Optional<Node> twin = nodes.twinOf(node);
        if (twin.isEmpty()) {
            return node;
        }
        Node kept = twin.get().isUp() ? twin.get() : node;
        Node gone = kept == node ? twin.get() : node;
        links.disconnect(gone);
        nodes.merge(gone, kept);
        kept.waiting.putAll(gone.waiting);
        return kept;
    }

    private void learnMembers(Node node, long nowNanos) {
        boolean recently = learned && nowNanos - learnNanos < LEARN_INTERVAL_NANOS;
        if (options.discovery() == Discovery.MEMBERS && !recently && !closing) {
            learned = true;
            learnNanos = nowNanos;
            startOwn(
                    new Ask(node.address, Question.STATUS, OWN_TIMEOUT_MS),
                    Purpose.LEARN_MEMBERS,
                    nowNanos);
        }
    }

    private void learnFinished(Outcome<Answer> outcome) {
        if (!(outcome instanceof Outcome.Ok<Answer> ok)) {
            learned = false;
            return;
        }
        StatusResult status = ok.value().reply().getStatus();
        for (MemberStatus member : status.getMembersList()) {
            if (!member.getClientAddress().isEmpty()) {
                nodes.learn(member.getNodeId(), member.getClientAddress());
            }
        }
        for (MemberStatus member : status.getMembersList()) {
            if (member.getNodeId() == status.getLeaderId()
                    && !member.getClientAddress().isEmpty()) {
                nodes.leaderMaybe(member.getNodeId(), member.getClientAddress());
            }
        }
    }

    private void disconnectAll() {
        for (Node node : nodes.all()) {
            links.disconnect(node);
        }
        closed = true;
    }
}
