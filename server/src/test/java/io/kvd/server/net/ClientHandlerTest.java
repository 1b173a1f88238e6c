package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeInput;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Figure;
import io.kvd.protocol.KeepSessionAliveCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.StatusRequest;
import io.kvd.server.metrics.RequestTimes;
import io.kvd.server.metrics.TimedReply;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

@Tag("slow")
class ClientHandlerTest {
    @Test
    void figuresAreToldWithoutTheLoop() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            client.send(RawClient.figures(43));

            Reply reply = client.readReply();

            assertThat(reply.getFigures().getFiguresList())
                    .containsExactly(Figure.newBuilder()
                            .setName("kvd_raft_term")
                            .setValue(3)
                            .build());
            assertThat(node.inbox).isEmpty();
        }
    }

    @Test
    void pingIsAnsweredWithoutTheLoop() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            client.send(RawClient.ping(42));

            Reply reply = client.readReply();

            assertThat(reply.getRequestId()).isEqualTo(42);
            assertThat(reply.getCode()).isEqualTo(Code.OK);
            assertThat(reply.getNodeId()).isEqualTo(1);
            assertThat(reply.getTerm()).isEqualTo(3);
            assertThat(reply.getClusterId().toByteArray()).isEqualTo(StubNode.CLUSTER.toArray());
            assertThat(reply.getPing().getProgram()).isEqualTo("kvd 0.1.0");
            assertThat(node.inbox).isEmpty();
        }
    }

    @Test
    void aCommandReachesTheLoopAsItWasSent() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            Request request = RawClient.put(7, 100).toBuilder()
                    .setSessionId(9)
                    .setSequence(5)
                    .setLowestUnanswered(3)
                    .setTimeoutMs(1_000)
                    .build();
            long before = System.nanoTime();
            client.send(request);

            ClientRequest got = node.awaitRequests(1).get(0);

            ClientRequest.Write write = (ClientRequest.Write) got.body();
            assertThat(write.bytes().toArray()).isEqualTo(request.getCommand().toByteArray());
            assertThat(write.command().getPut().getValue().size()).isEqualTo(100);
            assertThat(write.session()).isEqualTo(new Entry.Origin(9, 5, 3, 0));
            assertThat(got.groupId()).isEqualTo(1);
            assertThat(got.origin().requestId()).isEqualTo(7);
            assertThat(TimeUnit.NANOSECONDS.toMillis(got.deadlineNanos() - before))
                    .isBetween(999L, 5_000L);
        }
    }

    @Test
    void answersComeInTheOrderInWhichTheyAreReady() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 1), RawClient.put(2, 1), RawClient.put(3, 1));
            List<ClientRequest> got = node.awaitRequests(3);

            node.answer(got.get(2));
            node.answer(got.get(0), got.get(1));

            assertThat(client.readReplyIds(3)).containsExactly(3L, 1L, 2L);
        }
    }

    @Test
    void oneReadEventIsOneInput() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            Request[] requests = IntStream.range(0, 50)
                    .mapToObj(id -> RawClient.put(id, 1))
                    .toArray(Request[]::new);
            client.send(requests);

            node.awaitRequests(50);

            assertThat(node.inputs(NodeInput.ClientRequests.class)).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void aHundredThousandRequestsInOneGoAreAllAnswered() throws Exception {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            int count = 100_000;
            Thread sender = new Thread(() -> {
                try {
                    for (int from = 0; from < count; from += 1_000) {
                        client.send(IntStream.range(from, from + 1_000)
                                .mapToObj(RawClient::ping)
                                .toArray(Request[]::new));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();

            List<Long> ids = client.readReplyIds(count);

            sender.join();
            assertThat(ids).hasSize(count).doesNotHaveDuplicates();
        }
    }

    @Test
    void everyByteIsGivenBackWhenAllIsAnswered() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 10), RawClient.put(2, 100_000), RawClient.ping(3));
            client.send(Request.newBuilder()
                    .setRange(RangeRequest.getDefaultInstance())
                    .build());
            client.readReplyIds(2);
            List<ClientRequest> got = node.awaitRequests(2);
            assertThat(node.server.admission().heldBytes()).isGreaterThan(100_000);

            node.answer(got.toArray(ClientRequest[]::new));

            client.readReplyIds(2);
            awaitNothingHeld(node);
        }
    }

    @Test
    void anAnswerToAConnectionThatIsGoneGivesItsBytesBack() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start()) {
            ClientRequest request;
            try (RawClient client = RawClient.connect(node)) {
                client.send(RawClient.put(1, 1_000));
                request = node.awaitRequests(1).get(0);
            }
            Awaitility.await()
                    .atMost(StubNode.DEADLINE)
                    .until(() -> node.server.clientCount() == 0);
            assertThat(node.server.admission().heldBytes()).isGreaterThan(1_000);

            node.answer(request);

            awaitNothingHeld(node);
        }
    }

    @Test
    void overTheBudgetRequestsAreBusyAtOnceButKeepAlivesPass() throws IOException {
        try (StubNode node = new StubNode(
                                withBudget(new NetOptions.Budget(200_000, 10_000, 1 << 20)))
                        .start();
                RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 198_000));
            node.awaitRequests(1);

            // Small ones are read before they are refused, large ones are not even that.
            client.send(RawClient.put(2, 2_000), RawClient.put(3, 100_000));
            Reply small = client.readReply();
            Reply large = client.readReply();
            client.send(
                    RawClient.command(
                            4,
                            Command.newBuilder()
                                    .setKeepSessionAlive(
                                            KeepSessionAliveCommand.newBuilder().setSessionId(1))),
                    Request.newBuilder()
                            .setRequestId(5)
                            .setStatus(StatusRequest.getDefaultInstance())
                            .build(),
                    RawClient.ping(6));

            assertThat(List.of(small.getCode(), large.getCode())).containsOnly(Code.BUSY);
            assertThat(List.of(small.getRequestId(), large.getRequestId())).containsExactly(2L, 3L);
            assertThat(small.getRetryable()).isTrue();
            assertThat(small.getMayHaveCommitted()).isFalse();
            assertThat(small.getRetryAfterMs()).isPositive();
            assertThat(client.readReply().getRequestId()).isEqualTo(6);
            assertThat(node.awaitRequests(3))
                    .extracting(request -> request.origin().requestId())
                    .containsExactly(1L, 4L, 5L);
        }
    }

    @Test
    void whatIsAnnouncedAndDoesNotComeTakesNothingFromOthers() throws IOException {
        try (StubNode node = new StubNode(withBudget(new NetOptions.Budget(200_000, 0, 1 << 20)))
                        .start();
                RawClient slow = RawClient.connect(node);
                RawClient other = RawClient.connect(node)) {
            Bytes whole = frame(RawClient.put(1, 150_000));
            slow.send(whole.slice(0, 20_000));
            Awaitility.await()
                    .atMost(StubNode.DEADLINE)
                    .until(() -> node.server.admission().heldBytes() > 0);

            other.send(RawClient.put(2, 100_000));
            ClientRequest first = node.awaitRequests(1).get(0);
            slow.send(whole.slice(20_000));

            // There was no room for the rest of it.
            assertThat(first.origin().requestId()).isEqualTo(2);
            Reply busy = slow.readReply();
            assertThat(busy.getCode()).isEqualTo(Code.BUSY);
            assertThat(busy.getRequestId()).isEqualTo(1);
            node.answer(first);
            other.readReply();
            awaitNothingHeld(node);
        }
    }

    private static Bytes frame(Request request) {
        return new BytesWriter(16).putSized(Bytes.of(request.toByteArray())).toBytes();
    }

    @Test
    void whatNeverFitsIntoTheBudgetIsTooLargeAndNotBusy() throws IOException {
        try (StubNode node = new StubNode(withBudget(new NetOptions.Budget(200_000, 0, 1 << 20)))
                        .start();
                RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 300_000));

            assertThat(client.readReply().getCode()).isEqualTo(Code.TOO_LARGE);
        }
    }

    @Test
    void aConnectionOverItsShareIsNotReadUntilAnswersLeft() throws IOException {
        try (StubNode node = new StubNode(withBudget(new NetOptions.Budget(64 << 20, 0, 100_000)))
                        .start();
                RawClient greedy = RawClient.connect(node);
                RawClient modest = RawClient.connect(node)) {
            greedy.send(RawClient.put(1, 150_000));
            ClientRequest first = node.awaitRequests(1).get(0);
            greedy.send(RawClient.put(2, 10));
            modest.send(RawClient.put(3, 10));
            ClientRequest ofModest = node.awaitRequests(2).get(1);

            assertThat(ofModest.origin().requestId()).isEqualTo(3);
            node.answer(first);

            assertThat(node.awaitRequests(3).get(2).origin().requestId()).isEqualTo(2);
        }
    }

    @Test
    void aRequestLargerThanTheShareIsReadToItsEnd() throws IOException {
        try (StubNode node = new StubNode(withBudget(new NetOptions.Budget(64 << 20, 0, 10_000)))
                        .start();
                RawClient client = RawClient.connect(node)) {
            client.send(RawClient.put(1, 1_000_000));
            ClientRequest first = node.awaitRequests(1).get(0);
            client.send(RawClient.put(2, 1_000_000));
            node.answer(first);

            assertThat(node.awaitRequests(2).get(1).origin().requestId()).isEqualTo(2);
        }
    }

    @Test
    void aClientThatNeverReadsIsClosedAndOthersAreServed() throws IOException {
        NetOptions options = withConnections(new NetOptions.ConnectionLimits(10, 10, 10, 4 << 20));
        try (StubNode node = new StubNode(options).start();
                RawClient lazy = RawClient.connect(node);
                RawClient other = RawClient.connect(node)) {
            for (int id = 0; id < 32; id++) {
                lazy.send(RawClient.put(id, 1));
            }
            for (ClientRequest request : node.awaitRequests(32)) {
                node.server
                        .replies()
                        .deliver(TimedReply.all(
                                List.of(StubNode.reply(request, 1 << 20)), RequestTimes.NONE));
            }

            Awaitility.await()
                    .atMost(StubNode.DEADLINE)
                    .until(() -> node.server.clientCount() == 1);
            other.send(RawClient.ping(1));
            assertThat(other.readReply().getRequestId()).isEqualTo(1);
            awaitNothingHeld(node);
        }
    }

    @Test
    void aClientThatStopsReadingIsClosedAfterTheWriteDeadline() throws IOException {
        NetOptions.Timeouts timeouts =
                new NetOptions.Timeouts(5_000, 30_000, 300, 10_000, 600_000, 50);
        try (StubNode node = new StubNode(withTimeouts(timeouts)).start();
                RawClient lazy = RawClient.connect(node)) {
            lazy.send(RawClient.put(1, 1));
            ClientRequest request = node.awaitRequests(1).get(0);

            node.server
                    .replies()
                    .deliver(TimedReply.all(
                            List.of(StubNode.reply(request, 32 << 20)), RequestTimes.NONE));

            Awaitility.await()
                    .atMost(StubNode.DEADLINE)
                    .until(() -> node.server.clientCount() == 0);
            awaitNothingHeld(node);
        }
    }

    @Test
    void theValidatorsRefusalIsTheAnswer() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            client.send(Request.newBuilder()
                    .setRequestId(1)
                    .setRange(RangeRequest.getDefaultInstance())
                    .build());

            Reply reply = client.readReply();

            assertThat(reply.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
            assertThat(reply.getMessage()).isEqualTo("the key is empty");
            assertThat(reply.getRetryable()).isFalse();
            assertThat(node.inbox).isEmpty();
        }
    }

    @Test
    void aRequestOverTheLimitIsReadPastAndToldTheLimit() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            Request large = RawClient.put(5, 8 << 20);
            client.send(large, RawClient.ping(6));

            Reply reply = client.readReply();

            assertThat(reply.getCode()).isEqualTo(Code.TOO_LARGE);
            assertThat(reply.getRequestId()).isEqualTo(5);
            assertThat(reply.getLimit()).isEqualTo(NetOptions.DEFAULT.maxClientFrameBytes());
            assertThat(reply.getActual()).isEqualTo(large.getSerializedSize());
            assertThat(client.readReply().getRequestId()).isEqualTo(6);
        }
    }

    @Test
    void requestsThatThisVersionDoesNotKnowAreUnsupported() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            Request later = Request.newBuilder()
                    .setRequestId(1)
                    .setUnknownFields(com.google.protobuf.UnknownFieldSet.newBuilder()
                            .addField(
                                    99,
                                    com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                                            .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                            .build())
                            .build())
                    .build();
            client.send(later);

            assertThat(client.readReply().getCode()).isEqualTo(Code.UNSUPPORTED_VERSION);
        }
    }

    @Test
    void sequencesThatNoEntryCanHoldAreRefused() throws IOException {
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                RawClient client = RawClient.connect(node)) {
            Request put = RawClient.put(1, 1);
            client.send(
                    put.toBuilder().setSequence(1).build(),
                    put.toBuilder().setSessionId(1).build(),
                    put.toBuilder()
                            .setSessionId(1)
                            .setSequence(1)
                            .setLowestUnanswered(2)
                            .build(),
                    put.toBuilder()
                            .setSessionId(1)
                            .setSequence(-1)
                            .setLowestUnanswered(1)
                            .build(),
                    put.toBuilder()
                            .setSessionId(1)
                            .setSequence(1L << 40)
                            .setLowestUnanswered(1)
                            .build());

            for (int i = 0; i < 5; i++) {
                assertThat(client.readReply().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
            }
            assertThat(node.inbox).isEmpty();
        }
    }

    private static void awaitNothingHeld(StubNode node) {
        Awaitility.await("admission gives everything back")
                .atMost(StubNode.DEADLINE)
                .until(() -> node.server.admission().heldBytes() == 0);
    }

    private static NetOptions withBudget(NetOptions.Budget budget) {
        NetOptions d = NetOptions.DEFAULT;
        return new NetOptions(1, d.connections(), d.requests(), budget, d.timeouts(), d.peers());
    }

    private static NetOptions withConnections(NetOptions.ConnectionLimits connections) {
        NetOptions d = NetOptions.DEFAULT;
        return new NetOptions(1, connections, d.requests(), d.budget(), d.timeouts(), d.peers());
    }

    private static NetOptions withTimeouts(NetOptions.Timeouts timeouts) {
        NetOptions d = NetOptions.DEFAULT;
        return new NetOptions(1, d.connections(), d.requests(), d.budget(), timeouts, d.peers());
    }
}
