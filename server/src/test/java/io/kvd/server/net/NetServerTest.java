package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.node.ClientRequest;
import io.kvd.server.metrics.RequestTimes;
import io.kvd.server.metrics.TimedReply;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;

@Tag("slow")
class NetServerTest {
    @Test
    void aPortThatIsTakenIsSaidInOneSentence() {
        try (StubNode first = new StubNode(NetOptions.DEFAULT);
                StubNode second = new StubNode(NetOptions.DEFAULT)) {
            PeerAddress taken = first.peerAddress();

            assertThatThrownBy(() -> second.server.listen(taken))
                    .isInstanceOf(ListenException.class)
                    .hasMessage(
                            "cannot listen on 127.0.0.1:%d: address already in use", taken.port());
        }
    }

    @Test
    void addressesThatAreNotOursAreSaidInOneSentence() {
        try (StubNode node = new StubNode(NetOptions.DEFAULT)) {
            // TEST-NET-1 of RFC 5737, and a name of RFC 2606: nobody has them.
            assertThatThrownBy(() -> node.server.listen(new PeerAddress("192.0.2.1", 0)))
                    .hasMessage("cannot listen on 192.0.2.1:0: this machine has no such address");
            assertThatThrownBy(() -> node.server.listen(new PeerAddress("nobody.invalid", 0)))
                    .hasMessage("cannot listen on nobody.invalid:0: unknown host");
        }
    }

    @Test
    void oneNodeListensOnSeveralAddresses() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT)) {
            InetSocketAddress other = node.server.listen(new PeerAddress("127.0.0.1", 0));
            node.start();

            try (RawClient client = new RawClient(other)) {
                client.send(RawClient.handshakeBytes(RawClient.anyHandshake()));
                assertThat(client.readHandshakeReply().getNodeId()).isEqualTo(1);
            }
        }
    }

    @Test
    void connectionsWaitUntilTheNodeIsReady() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT);
                RawClient early = new RawClient(node.address)) {
            early.send(RawClient.handshakeBytes(RawClient.anyHandshake()));

            node.start();

            assertThat(early.readHandshakeReply().getNodeId()).isEqualTo(1);
        }
    }

    @Test
    void aServerThatClosesSendsItsLastAnswers() throws IOException {
        StubNode node = new StubNode(NetOptions.DEFAULT).start();
        try (RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 10), RawClient.put(2, 10));
            ClientRequest request = node.awaitRequests(1).get(0);
            Thread closer = new Thread(node::close);
            node.server
                    .replies()
                    .deliver(TimedReply.all(
                            List.of(StubNode.reply(request, 8 << 20)), RequestTimes.NONE));
            closer.start();

            assertThat(client.readReply().getRequestId()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
            Awaitility.await().atMost(StubNode.DEADLINE).until(() -> !closer.isAlive());
        }
    }

    @Test
    void anAnswerAfterTheEndGivesItsBytesBack() throws IOException {
        StubNode node = new StubNode(NetOptions.DEFAULT).start();
        ClientRequest request;
        try (RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 10));
            request = node.awaitRequests(1).get(0);
        }
        node.close();

        node.answer(request);

        assertThat(node.server.admission().heldBytes()).isZero();
    }

    @Test
    void framesRightBehindTheHandshakeAreServed() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = new RawClient(node.address)) {
            client.send(RawClient.handshakeBytes(RawClient.anyHandshake()));
            client.send(RawClient.ping(9));

            client.readHandshakeReply();
            assertThat(client.readReply().getRequestId()).isEqualTo(9);
        }
    }
}
