package io.kvd.core.client;

import com.google.protobuf.ByteString;

import io.kvd.core.codec.Wire;
import io.kvd.protocol.Code;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.HandshakeReply;

import java.util.List;
import java.util.random.RandomGenerator;

/** The life of connections: dialling, giving up on it, and noticing that an open one is dead. Knows no calls. */
final class Links {
    static final long CONNECT_TIMEOUT_NANOS = 2_000_000_000L;

    /** A node that owes answers and says nothing for so long is pinged, and given up after as long again. */
    static final long QUIET_NANOS = 1_000_000_000L;

    private static final long MIN_REDIAL_NANOS = 20_000_000L;
    private static final long MAX_REDIAL_NANOS = 1_000_000_000L;

    /** What the timer of a node asks for. */
    enum Due {
        NOTHING,
        /** Ping it. */
        PROBE,
        /** Its connection or dial attempt is dead: {@link #disconnect}, then treat it as lost. */
        DEAD,
        /** The back-off is over: those who wait may dial. */
        REDIAL
    }

    private final ClientOptions options;
    private final Timers timers;
    private final List<ClientOutput> outputs;
    private final Backoff backoff;
    private long lastConnection;

    /** The cluster we found; empty until the first handshake. Later handshakes name it, so no other one takes us. */
    private ByteString clusterId = ByteString.EMPTY;

    Links(
            ClientOptions options,
            Timers timers,
            List<ClientOutput> outputs,
            RandomGenerator random) {
        this.options = options;
        this.timers = timers;
        this.outputs = outputs;
        this.backoff = new Backoff(MIN_REDIAL_NANOS, MAX_REDIAL_NANOS, random);
    }

    void dial(Node node, long nowNanos) {
        node.connection = ++lastConnection;
        node.state = Node.State.CONNECTING;
        node.accepted = false;
        node.refusal = Code.OK;
        timers.set(node, nowNanos + CONNECT_TIMEOUT_NANOS);
        Handshake handshake = Handshake.newBuilder()
                .setMinVersion(Wire.MIN_VERSION)
                .setMaxVersion(Wire.MAX_VERSION)
                .setClusterId(clusterId)
                .setProgram(options.program())
                .build();
        outputs.add(new ClientOutput.Connect(node.connection, node.address, handshake));
    }

    /** Why the listener can't be talked to, or an empty string if it can. */
    String complaint(HandshakeReply reply) {
        if (reply.getCode() != Code.OK) {
            return reply.getMessage().isEmpty() ? reply.getCode().name() : reply.getMessage();
        }
        if (reply.getVersion() < Wire.MIN_VERSION || reply.getVersion() > Wire.MAX_VERSION) {
            return "it speaks protocol version " + reply.getVersion() + ", this program "
                    + Wire.MAX_VERSION;
        }
        if (!clusterId.isEmpty()
                && !reply.getClusterId().isEmpty()
                && !clusterId.equals(reply.getClusterId())) {
            return "it belongs to another cluster";
        }
        return "";
    }

    void up(Node node, HandshakeReply reply) {
        node.state = Node.State.UP;
        node.unreachable = false;
        node.lastFailure = "";
        node.probed = false;
        node.nodeId = reply.getNodeId();
        node.maxFrameBytes =
                reply.getMaxFrameBytes() == 0 ? Integer.MAX_VALUE : reply.getMaxFrameBytes();
        timers.cancel(node);
        if (clusterId.isEmpty()) {
            clusterId = reply.getClusterId();
        }
    }

    void lost(Node node, String reason, long nowNanos) {
        node.unreachable = !node.isUp() && !mayTakeUsLater(node);
        timers.set(node, nowNanos + backoff.delayNanos(node.failures++));
        node.connection = 0;
        // Whoever is at the address next, its handshake will say.
        node.nodeId = 0;
        node.state = Node.State.BACKING_OFF;
        node.lastFailure = reason;
    }

    private static boolean mayTakeUsLater(Node node) {
        return node.refusal == Code.OK
                ? node.accepted
                : node.refusal == Code.BUSY || node.refusal == Code.SHUTTING_DOWN;
    }

    void disconnect(Node node) {
        if (node.connection != 0) {
            outputs.add(new ClientOutput.Disconnect(node.connection));
        }
        node.connection = 0;
        node.state = Node.State.IDLE;
        timers.cancel(node);
    }

    /** A request goes out: from now on the node owes us a sign of life. */
    void sent(Node node, long nowNanos) {
        if (node.heapIndex < 0) {
            node.quietSinceNanos = nowNanos;
            timers.set(node, nowNanos + QUIET_NANOS);
        }
    }

    void heard(Node node, long nowNanos) {
        node.quietSinceNanos = nowNanos;
        node.probed = false;
        node.failures = 0;
    }

    /** The timer of the node has fired. */
    Due due(Node node, long nowNanos) {
        return switch (node.state) {
            case CONNECTING -> {
                node.lastFailure = "no answer within " + CONNECT_TIMEOUT_NANOS / 1_000_000 + " ms";
                yield Due.DEAD;
            }
            case BACKING_OFF -> {
                node.state = Node.State.IDLE;
                yield Due.REDIAL;
            }
            case UP -> dueWhileUp(node, nowNanos);
            case IDLE -> Due.NOTHING;
        };
    }

    private Due dueWhileUp(Node node, long nowNanos) {
        if (node.inFlight.size() == 0) {
            return Due.NOTHING;
        }
        if (node.quietSinceNanos + QUIET_NANOS - nowNanos > 0) {
            timers.set(node, node.quietSinceNanos + QUIET_NANOS);
            return Due.NOTHING;
        }
        if (node.probed) {
            node.lastFailure = "it stopped answering";
            return Due.DEAD;
        }
        node.probed = true;
        timers.set(node, nowNanos + QUIET_NANOS);
        return Due.PROBE;
    }

    /** In words, for a call that found no node to talk to. */
    static String cannotConnect(List<Node> nodes) {
        StringBuilder text = new StringBuilder("cannot connect to ");
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            text.append(i == 0 ? "" : "; to ").append(node.address);
            if (!node.lastFailure.isEmpty()) {
                text.append(": ").append(node.lastFailure);
            }
        }
        return text.toString();
    }
}
