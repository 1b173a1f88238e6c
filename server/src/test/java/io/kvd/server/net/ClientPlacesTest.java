package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.protocol.Code;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Who may be connected: idle clients keep nobody out, and a full node still tells how it fares. */
@Tag("slow")
class ClientPlacesTest {
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void aClientThatComesWhenAllAreIdleGetsThePlaceOfTheLongestIdle() throws IOException {
        StubNode node = start(3, 3);
        List<RawClient> idle = List.of(connect(node), connect(node), connect(node));

        Awaitility.await("a place").atMost(StubNode.DEADLINE).until(() -> takesRequests(node));

        assertThat(idle.get(0).isClosedByServer()).isTrue();
    }

    @Test
    void anAddressThatHasAllItMayHaveGivesUpOneOfItsOwn() throws IOException {
        StubNode node = start(100, 3);
        List<RawClient> idle = List.of(connect(node), connect(node), connect(node));

        Awaitility.await("a place").atMost(StubNode.DEADLINE).until(() -> takesRequests(node));

        assertThat(idle.get(0).isClosedByServer()).isTrue();
        assertThat(node.server.clientCount()).isLessThanOrEqualTo(4 + 16);
    }

    @Test
    void aClientWithRequestsUnderWayIsNotIdle() throws IOException {
        StubNode node = start(1, 1);
        RawClient busy = connect(node);
        busy.send(RawClient.put(1, 10));
        node.awaitRequests(1);
        RawClient other = connect(node);

        // As often as the busy one would have been idle for long enough, if it were.
        other.send(RawClient.put(2, 10), RawClient.ping(3));

        assertThat(other.readReply().getCode()).isEqualTo(Code.BUSY);
        assertThat(other.readReply().getCode()).isEqualTo(Code.OK);
        node.answer(node.requests().get(0));
        assertThat(busy.readReply().getRequestId()).isEqualTo(1);
    }

    @Test
    void aClientWithoutAPlaceGetsOneWhenAnotherLeaves() throws IOException {
        StubNode node = start(1, 1);
        RawClient first = connect(node);
        RawClient second = connect(node);
        second.send(RawClient.put(1, 10));
        assertThat(second.readReply().getCode()).isEqualTo(Code.BUSY);

        first.close();
        Awaitility.await().atMost(StubNode.DEADLINE).until(() -> node.server.clientCount() == 1);
        second.send(RawClient.put(2, 10));

        assertThat(node.awaitRequests(1).get(0).origin().requestId()).isEqualTo(2);
    }

    @Test
    void howeverManyComeToAFullNodeTheLastIsToldHowItFares() throws IOException {
        StubNode node = start(1, 1);
        connect(node);

        for (int i = 0; i < 100; i++) {
            RawClient operator = connect(node);
            operator.send(RawClient.ping(i), RawClient.figures(i));
            assertThat(operator.readReply().getCode()).isEqualTo(Code.OK);
            assertThat(operator.readReply().getCode()).isEqualTo(Code.OK);
        }

        Awaitility.await("those without a place are few")
                .atMost(StubNode.DEADLINE)
                .until(() -> node.server.clientCount() <= 1 + ClientConnections.MAX_WITHOUT_PLACE);
    }

    private boolean takesRequests(StubNode node) throws IOException {
        int before = node.requests().size();
        RawClient client = connect(node);
        client.send(RawClient.put(77, 10), RawClient.ping(78));
        boolean isFull = client.readReply().getCode() == Code.BUSY;
        if (isFull) {
            client.close();
            return false;
        }
        node.awaitRequests(before + 1);
        return true;
    }

    private StubNode start(int clients, int perAddress) {
        NetOptions d = NetOptions.DEFAULT;
        StubNode node = new StubNode(new NetOptions(
                        1,
                        new NetOptions.ConnectionLimits(clients, perAddress, 256, 1 << 20),
                        d.requests(),
                        d.budget(),
                        d.timeouts(),
                        d.peers()))
                .start();
        opened.add(node);
        return node;
    }

    private RawClient connect(StubNode node) throws IOException {
        RawClient client = RawClient.connect(node);
        opened.add(client);
        return client;
    }
}
