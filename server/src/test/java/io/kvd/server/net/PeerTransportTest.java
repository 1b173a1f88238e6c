package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Hello;
import io.kvd.core.codec.Life;
import io.kvd.core.codec.Lives;
import io.kvd.core.codec.Remembered;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Moment;
import io.kvd.core.raft.Run;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Tag("slow")
class PeerTransportTest {
    private static final NetOptions OPTIONS = NetOptions.DEFAULT;

    @Test
    void messagesArriveInOrderWithWhoSentThem() {
        try (StubNode one = new StubNode(1, StubNode.CLUSTER, OPTIONS);
                StubNode two = new StubNode(2, StubNode.CLUSTER, OPTIONS)) {
            connect(one, two);
            List<Message> sent = new ArrayList<>();
            for (long round = 1; round <= 100; round++) {
                sent.add(append(1, 2, round, List.of()));
            }

            one.server.transport().send(sent.subList(0, 50));
            one.server.transport().send(sent.subList(50, 100));

            await(() -> messages(two).size() == 100);
            assertThat(messages(two)).containsExactlyElementsOf(sent);
            assertThat(two.inputs(NodeInput.PeerMessages.class))
                    .allSatisfy(input -> assertThat(input.from()).isEqualTo(one.identity()));
        }
    }

    @Test
    void entriesOfEverySizeArriveAsTheyAre() {
        try (StubNode one = new StubNode(1, StubNode.CLUSTER, OPTIONS);
                StubNode two = new StubNode(2, StubNode.CLUSTER, OPTIONS)) {
            connect(one, two);
            Run small = run(1, 10);
            Run large = run(2, 3_000_000);
            Message.AppendEntries append = append(1, 2, 1, List.of(small, large));

            one.server.transport().send(List.of(append));

            await(() -> !messages(two).isEmpty());
            Message.AppendEntries received =
                    (Message.AppendEntries) messages(two).get(0);
            assertThat(received.entries()).containsExactly(Run.join(List.of(small, large)));
        }
    }

    @Test
    void helloArrives() {
        try (StubNode one = new StubNode(1, Bytes.EMPTY, OPTIONS);
                StubNode two = new StubNode(2, StubNode.CLUSTER, OPTIONS)) {
            connect(one, two);
            Hello hello = new Hello(
                    1,
                    2,
                    one.identity().storeId(),
                    Hello.Birthmark.UNBORN,
                    Bytes.EMPTY,
                    Hello.Purpose.ASK,
                    new Hello.Settings("kvd", "a:1", "a:1", List.of("n1=a:1", "n2=b:1")),
                    List.of(),
                    Lives.NONE.next(9),
                    new Remembered(new Life(3, 6), 4, 5));

            one.server.transport().send(hello);

            assertThat(two.awaitInput(NodeInput.HelloReceived.class))
                    .isEqualTo(new NodeInput.HelloReceived(one.identity(), hello));
        }
    }

    @Test
    void bothSidesLearnThatAConnectionIsGoneAndDialAgain() {
        StubNode two = new StubNode(2, StubNode.CLUSTER, OPTIONS);
        PeerAddress address = two.peerAddress();
        try (StubNode one = new StubNode(1, StubNode.CLUSTER, OPTIONS)) {
            connect(one, two);
            two.close();
            assertThat(one.awaitInput(NodeInput.PeerLost.class).nodeId()).isEqualTo(2);
            assertThat(two.inputs(NodeInput.PeerLost.class)).isEmpty();
            await(() -> !one.server.transport().isConnected(2));

            try (StubNode again = new StubNode(2, StubNode.CLUSTER, OPTIONS)) {
                assertThat(again.peerAddress()).isNotEqualTo(address);
                again.start(one);
                one.server.transport().setPeers(Map.of(2L, again.peerAddress()));

                await(() -> one.server.transport().isConnected(2));
                assertThat(one.inputs(NodeInput.PeerConnected.class)).hasSize(2);
            }
        }
    }

    @Test
    void messagesToAPeerThatIsNotConnectedAreDropped() {
        try (StubNode one = new StubNode(1, StubNode.CLUSTER, OPTIONS).start()) {
            one.server.transport().setPeers(Map.of(2L, new PeerAddress("127.0.0.1", 1)));

            one.server
                    .transport()
                    .send(List.of(append(1, 2, 1, List.of()), append(1, 9, 1, List.of())));

            assertThat(one.events)
                    .containsExactlyInAnyOrder(
                            new NodeEvents.MessageDropped(1, PeerLink.NOT_CONNECTED),
                            new NodeEvents.MessageDropped(1, PeerTransport.NOT_A_MEMBER));
            assertThat(one.server.transport().droppedCount()).isEqualTo(2);
        }
    }

    @Test
    void theWrongNodeAtAnAddressIsNotTalkedTo() {
        try (StubNode one = new StubNode(1, StubNode.CLUSTER, OPTIONS);
                StubNode three = new StubNode(3, StubNode.CLUSTER, OPTIONS)) {
            three.start(one);
            one.server.start(Map.of(2L, three.peerAddress(), 3L, three.peerAddress()));

            await(() -> one.server.transport().isConnected(3));
            one.server.transport().send(List.of(append(1, 3, 1, List.of())));
            await(() -> !messages(three).isEmpty());

            assertThat(one.server.transport().isConnected(2)).isFalse();
            assertThat(one.inputs(NodeInput.PeerConnected.class))
                    .extracting(input -> input.peer().nodeId())
                    .containsOnly(3L);
        }
    }

    @Test
    void aNodeOfAnotherClusterIsConnectedOnceItIsOfOurs() {
        try (StubNode one = new StubNode(1, StubNode.CLUSTER, OPTIONS);
                StubNode two = new StubNode(2, Bytes.of(new byte[16]), OPTIONS)) {
            one.start(two);
            two.start(one);
            two.clusterId(StubNode.CLUSTER);

            await(() -> one.server.transport().isConnected(2)
                    && two.server.transport().isConnected(1));
        }
    }

    private static void connect(StubNode one, StubNode two) {
        one.start(two);
        two.start(one);
        await(() ->
                one.server.transport().isConnected(2) && two.server.transport().isConnected(1));
        assertThat(one.awaitInput(NodeInput.PeerConnected.class).peer()).isEqualTo(two.identity());
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(StubNode.DEADLINE).until(condition);
    }

    private static List<Message> messages(StubNode node) {
        return node.inputs(NodeInput.PeerMessages.class).stream()
                .flatMap(input -> input.messages().stream())
                .toList();
    }

    static Message.AppendEntries append(long from, long to, long round, List<Run> entries) {
        return new Message.AppendEntries(
                new Message.Header(1, from, to, 5, 7),
                EntryId.NONE,
                entries,
                0,
                0,
                round,
                Moment.NONE);
    }

    static Run run(long index, int payloadBytes) {
        return Run.encode(
                1,
                List.of(new Entry(
                        new EntryId(5, index),
                        EntryKind.COMMAND,
                        Entry.Stamp.ZERO,
                        Entry.Origin.NONE,
                        Bytes.of(new byte[payloadBytes]))));
    }
}
