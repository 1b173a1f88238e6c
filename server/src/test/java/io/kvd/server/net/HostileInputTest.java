package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.Wire;
import io.kvd.core.kv.RequestLimits;
import io.kvd.protocol.Code;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.PeerIdentity;
import io.kvd.protocol.Reply;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Whatever is sent costs its own connection, and nobody else anything. */
@Tag("slow")
class HostileInputTest {
    private static final NetOptions OPTIONS = new NetOptions(
            1,
            new NetOptions.ConnectionLimits(4, 4, 8, 1 << 20),
            new RequestLimits(4 << 10, 1 << 20, 2 << 20),
            NetOptions.Budget.DEFAULT,
            new NetOptions.Timeouts(400, 400, 400, 10_000, 600_000, 50),
            NetOptions.PeerLimits.DEFAULT);

    private StubNode node;
    private RawClient good;

    @BeforeEach
    void startNode() throws IOException {
        node = new StubNode(OPTIONS).start();
        good = RawClient.connect(node);
    }

    @AfterEach
    void theNodeStillServes() throws IOException {
        good.send(RawClient.ping(99));
        assertThat(good.readReply().getRequestId()).isEqualTo(99);
        Awaitility.await("room for another client")
                .atMost(StubNode.DEADLINE)
                .until(() -> node.server.clientCount() < 4);
        try (RawClient another = RawClient.connect(node)) {
            another.send(RawClient.ping(98));
            assertThat(another.readReply().getRequestId()).isEqualTo(98);
        }
        Awaitility.await("admission gives everything back")
                .atMost(StubNode.DEADLINE)
                .until(() -> node.server.admission().heldBytes() == 0);
        assertThat(node.inbox).isEmpty();
        good.close();
        node.close();
    }

    @Test
    void otherProtocolsAreClosedAtTheirFirstBytes() throws IOException {
        assertClosedAfter(utf8("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        assertClosedAfter(utf8("*1\r\n$4\r\nPING\r\n"));
        assertClosedAfter(Bytes.of(
                new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03}));
        assertClosedAfter(Wire.MAGIC.slice(1));
    }

    @Test
    void randomBytesAreClosed() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[1 + random.nextInt(2_000)];
            random.nextBytes(bytes);
            // The first byte of the magic would be waited on, for as long as the handshake may
            // take.
            bytes[0] &= 0x7f;

            assertClosedAfter(Bytes.of(bytes));
        }
    }

    @Test
    void randomHandshakesAreAnsweredOrClosed() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 200; i++) {
            byte[] body = new byte[random.nextInt(100)];
            random.nextBytes(body);
            try (RawClient client = new RawClient(node.address)) {
                client.send(new BytesWriter(128)
                        .put(Wire.MAGIC)
                        .putSized(Bytes.of(body))
                        .toBytes());

                assertThat(client.readHandshakeReply().getCode()).isNotEqualTo(Code.CODE_UNKNOWN);
            }
        }
    }

    @Test
    void randomRequestsAreAnsweredOrClosed() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 200; i++) {
            byte[] body = new byte[random.nextInt(100)];
            random.nextBytes(body);
            try (RawClient client = RawClient.connect(node)) {
                client.send(new BytesWriter(128).putSized(Bytes.of(body)).toBytes());

                assertThat(client.readReply().getCode())
                        .isIn(Code.INVALID_ARGUMENT, Code.UNSUPPORTED_VERSION, Code.OK);
            }
        }
    }

    @Test
    void deeplyNestedAndEndlessFieldsAreRefused() throws IOException {
        byte[] groups = new byte[10_000];
        java.util.Arrays.fill(groups, (byte) 0x0b);
        for (byte[] body : List.of(groups, utf8("\u0008\u00ff\u00ff\u00ff").toArray())) {
            try (RawClient client = RawClient.connect(node)) {
                client.send(new BytesWriter(128).putSized(Bytes.of(body)).toBytes());

                assertThat(client.readReply().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
    }

    @Test
    void aFrameOfTwoGigabytesIsRefusedBeforeItIsAllocated() throws IOException {
        for (int length : new int[] {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 65 << 20}) {
            try (RawClient client = RawClient.connect(node)) {
                client.send(new BytesWriter(4).putInt(length).toBytes());

                Reply reply = client.readReply();
                assertThat(reply.getCode()).isEqualTo(Code.TOO_LARGE);
                assertThat(reply.getLimit()).isEqualTo(OPTIONS.maxClientFrameBytes());
                assertThat(reply.getActual()).isEqualTo(Integer.toUnsignedLong(length));
                assertThat(client.isClosedByServer()).isTrue();
            }
        }
    }

    @Test
    void theReasonArrivesThoughTheBodyIsAlreadyOnItsWay() throws IOException {
        try (RawClient client = RawClient.connect(node)) {
            int tooLarge = 80 << 20;
            client.send(new BytesWriter(4).putInt(tooLarge).toBytes());
            // As much as fits into the socket's buffers while the server does not look.
            client.send(Bytes.of(new byte[100_000]));

            assertThat(client.readReply().getCode()).isEqualTo(Code.TOO_LARGE);
        }
    }

    @Test
    void aHandshakeOverItsLimitIsRefused() throws IOException {
        try (RawClient client = new RawClient(node.address)) {
            client.send(new BytesWriter(16)
                    .put(Wire.MAGIC)
                    .putInt(Wire.MAX_HANDSHAKE_BYTES + 1)
                    .toBytes());

            assertThat(client.readHandshakeReply().getCode()).isEqualTo(Code.TOO_LARGE);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void whoSaysNothingIsClosed() throws IOException {
        assertClosedAfter(Bytes.EMPTY);
        assertClosedAfter(Wire.MAGIC);
        assertClosedAfter(Wire.MAGIC.slice(0, 1));
    }

    @Test
    void aBodyThatNeverArrivesIsClosed() throws IOException {
        for (int sent : new int[] {0, 1, 1_000_000}) {
            try (RawClient client = RawClient.connect(node)) {
                client.send(new BytesWriter(4).putInt(2_000_000).toBytes());
                client.send(Bytes.of(new byte[sent]));

                assertThat(client.isClosedByServer()).isTrue();
            }
        }
        try (RawClient client = RawClient.connect(node)) {
            client.send(Bytes.of(new byte[3]));

            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void moreSilentConnectionsThanMayBeCloseTheOldest() throws IOException {
        List<RawClient> silent = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            silent.add(new RawClient(node.address));
        }

        assertThat(silent.get(0).isClosedByServer()).isTrue();
        for (RawClient client : silent) {
            client.close();
        }
    }

    @Test
    void moreClientsThanMayBeAreAnsweredStatusAndNothingElse() throws IOException {
        List<RawClient> clients = new ArrayList<>();
        for (int i = node.server.clientCount(); i < 4; i++) {
            clients.add(RawClient.connect(node));
        }
        try (RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 10), RawClient.ping(2), RawClient.figures(3));

            assertThat(client.readReply().getCode()).isEqualTo(Code.BUSY);
            assertThat(client.readReply().getCode()).isEqualTo(Code.OK);
            assertThat(client.readReply().getCode()).isEqualTo(Code.OK);
        }
        for (RawClient client : clients) {
            client.close();
        }
        Awaitility.await().atMost(StubNode.DEADLINE).until(() -> node.server.clientCount() == 1);
    }

    @Test
    void handshakesThatDoNotFitAreRefusedWithTheReason() throws IOException {
        Handshake.Builder any = Handshake.newBuilder().setMinVersion(1).setMaxVersion(1);
        PeerIdentity stranger = PeerIdentity.newBuilder()
                .setNodeId(77)
                .setStoreId(ByteString.copyFrom(new byte[16]))
                .build();

        assertThat(handshake(any.clone().setMinVersion(2).setMaxVersion(3)))
                .satisfies(reply -> assertThat(reply.getCode()).isEqualTo(Code.UNSUPPORTED_VERSION))
                .satisfies(reply ->
                        assertThat(reply.getMessage()).contains("1 to 1").contains("2 to 3"));
        assertThat(handshake(any.clone().setMinVersion(0).setMaxVersion(0)).getCode())
                .isEqualTo(Code.UNSUPPORTED_VERSION);
        assertThat(handshake(any.clone().setMinVersion(-1).setMaxVersion(-1)).getCode())
                .isEqualTo(Code.UNSUPPORTED_VERSION);
        assertThat(handshake(any.clone().setClusterId(ByteString.copyFrom(new byte[16])))
                        .getCode())
                .isEqualTo(Code.WRONG_CLUSTER);
        assertThat(handshake(any.clone().setClusterId(ByteString.copyFrom(new byte[3])))
                        .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(handshake(any.clone().setPeer(stranger)).getCode()).isEqualTo(Code.WRONG_NODE);
        assertThat(handshake(any.clone().setPeer(stranger.toBuilder().setNodeId(1)))
                        .getCode())
                .isEqualTo(Code.WRONG_NODE);
        assertThat(handshake(any.clone().setPeer(PeerIdentity.getDefaultInstance()))
                        .getCode())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    private HandshakeReply handshake(Handshake.Builder handshake) throws IOException {
        try (RawClient client = new RawClient(node.address)) {
            client.send(RawClient.handshakeBytes(handshake));
            HandshakeReply reply = client.readHandshakeReply();
            assertThat(client.isClosedByServer()).isTrue();
            return reply;
        }
    }

    private void assertClosedAfter(Bytes bytes) throws IOException {
        try (RawClient client = new RawClient(node.address)) {
            client.send(bytes);

            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    private static Bytes utf8(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
