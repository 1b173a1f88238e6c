package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.node.NodeInput;
import io.kvd.core.raft.Message;
import io.kvd.protocol.Code;
import io.kvd.protocol.PeerIdentity;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What a node takes from whoever says that it is a peer. */
@Tag("slow")
class PeerHandlerTest {
    private final StubNode node = new StubNode(NetOptions.DEFAULT);

    @BeforeEach
    void expectNodeTwo() {
        // Nobody listens there: node 2 only ever dials us.
        node.server.start(Map.of(2L, new PeerAddress("127.0.0.1", 1)));
    }

    @AfterEach
    void closeNode() {
        node.close();
    }

    @Test
    void messagesArriveWithTheIdentityOfTheHandshake() throws IOException {
        try (RawClient two = dial()) {
            two.send(frames(heartbeat(2, 1)));

            NodeInput.PeerMessages input = node.awaitInput(NodeInput.PeerMessages.class);

            assertThat(input.from().nodeId()).isEqualTo(2);
            assertThat(input.from().incarnation()).isEqualTo(9);
            assertThat(input.messages()).containsExactly(heartbeat(2, 1));
        }
    }

    @Test
    void whoSpeaksForAnotherNodeIsClosed() throws IOException {
        assertClosedAfter(frames(heartbeat(3, 1)));
        assertClosedAfter(frames(heartbeat(1, 1)));
    }

    @Test
    void whoSpeaksToAnotherNodeIsClosed() throws IOException {
        assertClosedAfter(frames(heartbeat(2, 3)));
    }

    @Test
    void nothingOfAFrameThatIsWrongAnywhereIsTaken() throws IOException {
        assertClosedAfter(frames(heartbeat(2, 1), heartbeat(2, 1), heartbeat(3, 1)));
    }

    @Test
    void damageIsClosed() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        byte[] frame = frames(
                        PeerTransportTest.append(2, 1, 1, List.of(PeerTransportTest.run(1, 100))))
                .toArray();
        for (int i = 0; i < 50; i++) {
            byte[] flipped = frame.clone();
            // In the entry: its checksum must notice.
            flipped[flipped.length - 1 - random.nextInt(100)] ^= (byte) (1 << random.nextInt(8));

            assertClosedAfter(Bytes.of(flipped));
        }
        assertClosedAfter(new BytesWriter(4).putInt(-1).toBytes());
        assertClosedAfter(new BytesWriter(4).putInt(0).toBytes());
    }

    @Test
    void aPeerThatDialsAgainHasLeftItsOldConnectionOnceItSpeaks() throws IOException {
        try (RawClient old = dial();
                RawClient next = dial()) {
            old.send(frames(heartbeat(2, 1)));
            node.awaitInput(NodeInput.PeerMessages.class);

            next.send(frames(heartbeat(2, 1)));

            assertThat(old.isClosedByServer()).isTrue();
            assertThat(node.inputs(NodeInput.PeerLost.class)).isEmpty();
        }
        assertThat(node.awaitInput(NodeInput.PeerLost.class).nodeId()).isEqualTo(2);
    }

    @Test
    void whoSpeaksInTheNameOfALivingPeerReplacesNothing() throws IOException {
        try (RawClient two = dial()) {
            two.send(frames(heartbeat(2, 1)));
            node.awaitInput(NodeInput.PeerMessages.class);

            for (PeerIdentity.Builder other : List.of(
                    identity()
                            .setStoreId(ByteString.copyFrom(
                                    new byte[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})),
                    identity().setIncarnation(8))) {
                try (RawClient stranger = new RawClient(node.address)) {
                    stranger.send(handshake(other));
                    stranger.readHandshakeReply();
                    stranger.send(frames(heartbeat(2, 1)));
                    assertThat(stranger.isClosedByServer()).isTrue();
                }
            }

            two.send(frames(heartbeat(2, 1)));
            node.awaitInput(NodeInput.PeerMessages.class);
            assertThat(node.inputs(NodeInput.PeerLost.class)).isEmpty();
        }
        assertThat(node.awaitInput(NodeInput.PeerLost.class).nodeId()).isEqualTo(2);
    }

    @Test
    void connectionsOnWhichAPeerSaysNothingAreFewAndNoLossWhenTheyEnd() throws IOException {
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            silent.add(dial());
        }

        assertThat(silent.get(0).isClosedByServer()).isTrue();
        for (RawClient client : silent) {
            client.close();
        }
        try (RawClient two = dial()) {
            two.send(frames(heartbeat(2, 1)));
            node.awaitInput(NodeInput.PeerMessages.class);
            assertThat(node.inputs(NodeInput.PeerLost.class)).isEmpty();
        }
    }

    @Test
    void aNodeThatIsNoMemberAnyMoreIsClosedAndTurnedAway() throws IOException {
        try (RawClient two = dial()) {
            two.send(frames(heartbeat(2, 1)));
            node.awaitInput(NodeInput.PeerMessages.class);

            node.server.transport().setPeers(Map.of());

            assertThat(two.isClosedByServer()).isTrue();
        }
        try (RawClient two = new RawClient(node.address)) {
            two.send(handshake());
            assertThat(two.readHandshakeReply().getCode()).isEqualTo(Code.WRONG_NODE);
        }
    }

    private void assertClosedAfter(Bytes bytes) throws IOException {
        try (RawClient two = dial()) {
            two.send(bytes);

            assertThat(two.isClosedByServer()).isTrue();
        }
        assertThat(node.inputs(NodeInput.PeerMessages.class)).isEmpty();
    }

    private RawClient dial() throws IOException {
        RawClient two = new RawClient(node.address);
        two.send(handshake());
        assertThat(two.readHandshakeReply().getPeer().getNodeId()).isEqualTo(1);
        return two;
    }

    private static Bytes handshake() {
        return handshake(identity());
    }

    private static Bytes handshake(PeerIdentity.Builder peer) {
        return RawClient.handshakeBytes(RawClient.anyHandshake().setPeer(peer));
    }

    private static PeerIdentity.Builder identity() {
        return PeerIdentity.newBuilder()
                .setNodeId(2)
                .setStoreId(ByteString.copyFrom(new byte[16]))
                .setIncarnation(9);
    }

    private static Message.AppendEntries heartbeat(long from, long to) {
        return PeerTransportTest.append(from, to, 1, List.of());
    }

    private static Bytes frames(Message... messages) {
        List<PeerPayload> payloads = new ArrayList<>();
        for (Message message : messages) {
            payloads.add(new PeerPayload.OfReplica(message));
        }
        BytesWriter out = new BytesWriter(256);
        PeerFrames.encode(payloads).forEach(out::put);
        return out.toBytes();
    }
}
