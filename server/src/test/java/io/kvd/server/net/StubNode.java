package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Life;
import io.kvd.core.kv.CommandValidator;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.PeerIdentity;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.server.metrics.NodeMetrics;
import io.kvd.server.metrics.RequestMeter;
import io.kvd.server.metrics.RequestTimes;
import io.kvd.server.metrics.TimedReply;

import org.awaitility.Awaitility;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A network side on a loopback port, with a list in place of the node's inbox. */
final class StubNode implements NodeFacts, NetDoors.Answers, AutoCloseable {
    static final Bytes CLUSTER =
            Bytes.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
    static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Of a node that reads nothing. */
    static final class NoAnswers implements NetDoors.Answers {
        @Override
        public void left(long connectionId, long answerBytes) {}

        @Override
        public boolean areAwaited() {
            return false;
        }
    }

    /** What came in, in order. */
    final List<NodeInput> inbox = new CopyOnWriteArrayList<>();

    final List<NodeEvents.Event> events = new CopyOnWriteArrayList<>();
    final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    final NetServer server;
    final InetSocketAddress address;

    private final PeerIdentity identity;
    private final AtomicInteger threads = new AtomicInteger();
    private volatile Bytes clusterId;

    StubNode(NetOptions options) {
        this(1, CLUSTER, options);
    }

    StubNode(long nodeId, Bytes clusterId, NetOptions options) {
        this.identity = new PeerIdentity(nodeId, Bytes.of(new byte[16]), new Life(7, 7));
        this.clusterId = clusterId;
        NetDoors doors = new NetDoors(
                inbox::add,
                this,
                new CommandValidator(options.requests()),
                events::add,
                new RequestMeter(new NodeMetrics(), Long.MAX_VALUE),
                System::nanoTime,
                task -> new Thread(task, "net-" + threads.incrementAndGet()),
                Runnable::run,
                this,
                fatal::add);
        this.server = new NetServer(options, doors, new SplittableRandom(nodeId));
        this.address = server.listen(new PeerAddress("127.0.0.1", 0));
    }

    StubNode start() {
        server.start(Map.of());
        return this;
    }

    StubNode start(StubNode... peers) {
        Map<Long, PeerAddress> addresses = new java.util.TreeMap<>();
        for (StubNode peer : peers) {
            addresses.put(peer.identity.nodeId(), peer.peerAddress());
        }
        server.start(addresses);
        return this;
    }

    PeerAddress peerAddress() {
        return new PeerAddress("127.0.0.1", address.getPort());
    }

    void clusterId(Bytes id) {
        clusterId = id;
    }

    // ---- What came in.

    <T extends NodeInput> List<T> inputs(Class<T> kind) {
        return inbox.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    List<ClientRequest> requests() {
        return inputs(NodeInput.ClientRequests.class).stream()
                .flatMap(input -> input.requests().stream())
                .toList();
    }

    /** The requests, once there are that many. */
    List<ClientRequest> awaitRequests(int count) {
        Awaitility.await("%d requests".formatted(count))
                .atMost(DEADLINE)
                .until(() -> requests().size() >= count);
        return requests();
    }

    <T extends NodeInput> T awaitInput(Class<T> kind) {
        Awaitility.await(kind.getSimpleName())
                .atMost(DEADLINE)
                .until(() -> !inputs(kind).isEmpty());
        return inputs(kind).get(0);
    }

    // ---- Answers.

    void answer(ClientRequest... requests) {
        List<ClientReply> replies = new ArrayList<>();
        for (ClientRequest request : requests) {
            replies.add(reply(request, 0));
        }
        server.replies().deliver(TimedReply.all(replies, RequestTimes.NONE));
    }

    /** An OK with a result of so many bytes. */
    static ClientReply reply(ClientRequest request, int resultBytes) {
        Reply reply = Reply.newBuilder()
                .setRequestId(request.origin().requestId())
                .setCode(Code.OK)
                .setResult(com.google.protobuf.ByteString.copyFrom(new byte[resultBytes]))
                .build();
        return new ClientReply(request.origin(), Bytes.of(reply.toByteArray()));
    }

    // ---- Reads' answers.

    /** Bytes of reads' answers that left. */
    final AtomicLong answerBytesLeft = new AtomicLong();

    /** Whether reads wait for them. */
    volatile boolean answersAreAwaited;

    @Override
    public void left(long connectionId, long answerBytes) {
        answerBytesLeft.addAndGet(answerBytes);
    }

    @Override
    public boolean areAwaited() {
        return answersAreAwaited;
    }

    // ---- Facts.

    @Override
    public Map<String, Double> figures() {
        return Map.of("kvd_raft_term", 3.0);
    }

    @Override
    public PeerIdentity identity() {
        return identity;
    }

    @Override
    public Bytes clusterId() {
        return clusterId;
    }

    @Override
    public long term() {
        return 3;
    }

    @Override
    public String program() {
        return "kvd 0.1.0";
    }

    @Override
    public void close() {
        server.close();
        if (!fatal.isEmpty()) {
            throw new AssertionError("the node would have halted", fatal.get(0));
        }
    }
}
