package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Life;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.core.node.PeerIdentity;
import io.kvd.protocol.Code;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.HandshakeReply;

import org.junit.jupiter.api.Test;

import java.util.Optional;

class HandshakesTest {
    private static final Bytes OURS = id(1);
    private static final Bytes THEIRS = id(2);

    @Test
    void aPeerWithoutAClusterMeetsOneThatHasOneAndTheOtherWayRound() {
        assertThat(Handshakes.refuse(peer(2, Bytes.EMPTY), node(OURS))).isEmpty();
        assertThat(Handshakes.refuse(peer(2, OURS), node(Bytes.EMPTY))).isEmpty();
        assertThat(Handshakes.refuse(peer(2, Bytes.EMPTY), node(Bytes.EMPTY))).isEmpty();
        assertThat(Handshakes.refuse(peer(2, OURS), node(OURS))).isEmpty();
    }

    @Test
    void aPeerOfAnotherClusterIsRefused() {
        Optional<Refusal> refusal = Handshakes.refuse(peer(2, THEIRS), node(OURS));

        assertThat(refusal.map(Refusal::code)).contains(Code.WRONG_CLUSTER);
        assertThat(refusal.orElseThrow().message()).contains(OURS.toHex(), THEIRS.toHex());
    }

    @Test
    void aClientThatNamesAClusterIsRefusedByANodeWithoutOne() {
        Handshake client = Handshake.newBuilder()
                .setMinVersion(1)
                .setMaxVersion(1)
                .setClusterId(ProtoBytes.wrap(OURS))
                .build();

        assertThat(Handshakes.refuse(client, node(Bytes.EMPTY)).map(Refusal::code))
                .contains(Code.WRONG_CLUSTER);
        assertThat(Handshakes.refuse(client, node(OURS))).isEmpty();
    }

    @Test
    void anOlderAndANewerDiallerAreSpokenToInTheHighestCommonVersion() {
        Handshake newer =
                Handshake.newBuilder().setMinVersion(1).setMaxVersion(-1).build();

        assertThat(Handshakes.refuse(newer, node(OURS))).isEmpty();
        assertThat(reply(Handshakes.accepted(newer, node(OURS), NetOptions.DEFAULT))
                        .getVersion())
                .isEqualTo(1);
    }

    @Test
    void theDiallerGoesOnOnlyWithTheNodeThatItMeant() {
        Bytes accepted = Handshakes.accepted(peer(2, OURS), node(OURS), NetOptions.DEFAULT);

        assertThat(Handshakes.distrust(reply(accepted), 1, node(OURS))).isEmpty();
        assertThat(Handshakes.distrust(reply(accepted), 3, node(OURS)))
                .contains("it is node 1, not node 3");
    }

    @Test
    void theDiallerJudgesTheClusterToo() {
        Bytes accepted = Handshakes.accepted(peer(2, OURS), node(OURS), NetOptions.DEFAULT);

        assertThat(Handshakes.distrust(reply(accepted), 1, node(Bytes.EMPTY))).isEmpty();
        assertThat(Handshakes.distrust(reply(accepted), 1, node(THEIRS)))
                .hasValueSatisfying(why -> assertThat(why).contains(OURS.toHex(), THEIRS.toHex()));
    }

    @Test
    void theDiallerTakesNoVersionThatItDoesNotSpeakAndNoRefusalForAYes() {
        HandshakeReply accepted =
                reply(Handshakes.accepted(peer(2, OURS), node(OURS), NetOptions.DEFAULT));
        Refusal no = Handshakes.refusal(Code.WRONG_NODE, "node 2 is not a member here");

        assertThat(Handshakes.distrust(accepted.toBuilder().setVersion(2).build(), 1, node(OURS)))
                .isPresent();
        assertThat(Handshakes.distrust(accepted.toBuilder().setVersion(0).build(), 1, node(OURS)))
                .isPresent();
        assertThat(Handshakes.distrust(
                        reply(Handshakes.refused(no, node(OURS), NetOptions.DEFAULT)),
                        1,
                        node(OURS)))
                .contains("WRONG_NODE: node 2 is not a member here");
        assertThat(Handshakes.distrust(HandshakeReply.getDefaultInstance(), 1, node(OURS)))
                .isPresent();
    }

    private static HandshakeReply reply(Bytes body) {
        return Handshakes.parseReply(body).orElseThrow();
    }

    private static Handshake peer(long nodeId, Bytes clusterId) {
        return Handshake.newBuilder()
                .setMinVersion(1)
                .setMaxVersion(1)
                .setClusterId(ProtoBytes.wrap(clusterId))
                .setPeer(io.kvd.protocol.PeerIdentity.newBuilder()
                        .setNodeId(nodeId)
                        .setStoreId(ByteString.copyFrom(new byte[16])))
                .build();
    }

    /** Node 1. */
    private static NodeFacts node(Bytes clusterId) {
        return new NodeFacts() {
            @Override
            public java.util.Map<String, Double> figures() {
                return java.util.Map.of();
            }

            @Override
            public PeerIdentity identity() {
                return new PeerIdentity(1, id(9), new Life(4, 4));
            }

            @Override
            public Bytes clusterId() {
                return clusterId;
            }

            @Override
            public long term() {
                return 0;
            }

            @Override
            public String program() {
                return "test";
            }
        };
    }

    private static Bytes id(int first) {
        byte[] id = new byte[16];
        id[0] = (byte) first;
        return Bytes.of(id);
    }
}
