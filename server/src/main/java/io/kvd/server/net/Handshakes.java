package io.kvd.server.net;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Life;
import io.kvd.core.codec.Wire;
import io.kvd.core.kv.RequestLimits;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.core.node.PeerIdentity;
import io.kvd.protocol.Code;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.HandshakeReply;

import java.util.Optional;

/** The two halves of the handshake: making, parsing and judging them. */
final class Handshakes {
    private static final Parser<Handshake> HANDSHAKE =
            DiscardUnknownFieldsParser.wrap(Handshake.parser());
    private static final Parser<HandshakeReply> REPLY =
            DiscardUnknownFieldsParser.wrap(HandshakeReply.parser());

    private Handshakes() {}

    // ---- The dialler's half.

    /** What this node says when it dials a peer. */
    static Bytes ofPeer(NodeFacts facts) {
        return Bytes.of(Handshake.newBuilder()
                .setMinVersion(Wire.MIN_VERSION)
                .setMaxVersion(Wire.MAX_VERSION)
                .setFeatureBits(Wire.FEATURE_BITS)
                .setClusterId(ProtoBytes.wrap(facts.clusterId()))
                .setPeer(encode(facts.identity()))
                .setProgram(facts.program())
                .build()
                .toByteArray());
    }

    static Optional<Handshake> parse(Bytes body) {
        try {
            return Optional.of(HANDSHAKE.parseFrom(body.array(), body.offset(), body.length()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** Why the listener does not talk with who sent this; empty if it does. */
    static Optional<Refusal> refuse(Handshake handshake, NodeFacts facts) {
        long min = Integer.toUnsignedLong(handshake.getMinVersion());
        long max = Integer.toUnsignedLong(handshake.getMaxVersion());
        if (max < Wire.MIN_VERSION || min > Wire.MAX_VERSION || min > max) {
            return Optional.of(refusal(
                    Code.UNSUPPORTED_VERSION,
                    "this node speaks protocol versions %d to %d, you speak %d to %d"
                            .formatted(Wire.MIN_VERSION, Wire.MAX_VERSION, min, max)));
        }
        Bytes wanted = Bytes.of(handshake.getClusterId().toByteArray());
        if (!wanted.isEmpty() && wanted.length() != Wire.ID_BYTES) {
            return Optional.of(refusal(
                    Code.INVALID_ARGUMENT, "a cluster id of %d bytes".formatted(wanted.length())));
        }
        Bytes ours = facts.clusterId();
        if (handshake.hasPeer()) {
            return refusePeer(handshake, facts).or(() -> differ(wanted, ours));
        }
        return wanted.isEmpty() || wanted.equals(ours)
                ? Optional.empty()
                : Optional.of(wrongCluster(wanted, ours));
    }

    private static Optional<Refusal> refusePeer(Handshake handshake, NodeFacts facts) {
        long nodeId = handshake.getPeer().getNodeId();
        if (nodeId <= 0 || handshake.getPeer().getStoreId().size() != Wire.ID_BYTES) {
            return Optional.of(
                    refusal(Code.INVALID_ARGUMENT, "a peer without a node id or a store id"));
        }
        if (nodeId == facts.identity().nodeId()) {
            return Optional.of(refusal(
                    Code.WRONG_NODE,
                    "you say you are node %d, which is this node; two nodes have one id, or an address is wrong"
                            .formatted(nodeId)));
        }
        return Optional.empty();
    }

    /** A peer or node without a cluster may meet one that has one: Hello sorts that out. */
    private static Optional<Refusal> differ(Bytes wanted, Bytes ours) {
        return wanted.isEmpty() || ours.isEmpty() || wanted.equals(ours)
                ? Optional.empty()
                : Optional.of(wrongCluster(wanted, ours));
    }

    private static Refusal wrongCluster(Bytes wanted, Bytes ours) {
        return refusal(
                Code.WRONG_CLUSTER,
                ours.isEmpty()
                        ? "this node belongs to no cluster yet, you look for " + wanted.toHex()
                        : "this node belongs to cluster " + ours.toHex() + ", you look for "
                                + wanted.toHex());
    }

    static PeerIdentity identity(io.kvd.protocol.PeerIdentity peer) {
        return new PeerIdentity(
                peer.getNodeId(),
                Bytes.of(peer.getStoreId().toByteArray()),
                new Life(peer.getIncarnation(), peer.getNonce()));
    }

    // ---- The listener's half.

    /** The answer to a handshake that was understood and accepted. */
    static Bytes accepted(Handshake handshake, NodeFacts facts, NetOptions options) {
        int version =
                (int) Math.min(Integer.toUnsignedLong(handshake.getMaxVersion()), Wire.MAX_VERSION);
        HandshakeReply.Builder reply = reply(Code.OK, facts, options).setVersion(version);
        if (handshake.hasPeer()) {
            reply.setPeer(encode(facts.identity())).setMaxFrameBytes(Wire.MAX_PEER_FRAME_BYTES);
        }
        return Bytes.of(reply.build().toByteArray());
    }

    /** The answer to any other one, after which the connection is closed. */
    static Bytes refused(Refusal refusal, NodeFacts facts, NetOptions options) {
        return Bytes.of(reply(refusal.code(), facts, options)
                .setMessage(refusal.message())
                .build()
                .toByteArray());
    }

    private static HandshakeReply.Builder reply(Code code, NodeFacts facts, NetOptions options) {
        RequestLimits limits = options.requests();
        return HandshakeReply.newBuilder()
                .setCode(code)
                .setFeatureBits(Wire.FEATURE_BITS)
                .setClusterId(ProtoBytes.wrap(facts.clusterId()))
                .setNodeId(facts.identity().nodeId())
                .setProgram(facts.program())
                .setMaxFrameBytes(options.maxClientFrameBytes())
                .setMaxKeyBytes(limits.maxKeyBytes())
                .setMaxValueBytes(limits.maxValueBytes())
                .setMaxRequestBytes(limits.maxRequestBytes());
    }

    static Optional<HandshakeReply> parseReply(Bytes body) {
        try {
            return Optional.of(REPLY.parseFrom(body.array(), body.offset(), body.length()));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** Why this node does not talk with the listener that answered so when it dialled {@code nodeId}. */
    static Optional<String> distrust(HandshakeReply reply, long nodeId, NodeFacts facts) {
        if (reply.getCode() != Code.OK) {
            return Optional.of(reply.getCode() + ": " + reply.getMessage());
        }
        int version = reply.getVersion();
        if (version < Wire.MIN_VERSION || version > Wire.MAX_VERSION) {
            return Optional.of("it chose protocol version " + Integer.toUnsignedString(version));
        }
        if (reply.getPeer().getNodeId() != nodeId
                || reply.getPeer().getStoreId().size() != Wire.ID_BYTES) {
            return Optional.of(
                    "it is node " + reply.getPeer().getNodeId() + ", not node " + nodeId);
        }
        return differ(Bytes.of(reply.getClusterId().toByteArray()), facts.clusterId())
                .map(Refusal::message);
    }

    static Refusal refusal(Code code, String message) {
        return new Refusal(code, message, 0, 0);
    }

    private static io.kvd.protocol.PeerIdentity encode(PeerIdentity identity) {
        return io.kvd.protocol.PeerIdentity.newBuilder()
                .setNodeId(identity.nodeId())
                .setStoreId(ProtoBytes.wrap(identity.storeId()))
                .setIncarnation(identity.incarnation())
                .setNonce(identity.life().nonce())
                .build();
    }
}
