package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Life;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.kv.CommandValidator;
import io.kvd.core.kv.RequestLimits;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.PeerIdentity;
import io.kvd.core.raft.Message;
import io.kvd.server.metrics.NodeMetrics;
import io.kvd.server.metrics.RequestMeter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

@Tag("slow")
class PeerLinkTest {
    private static final int BULK_BYTES = 100_000;
    private static final int RESERVE_BYTES = 1_000;
    private static final PeerIdentity PEER =
            new PeerIdentity(2, Bytes.of(new byte[16]), new Life(5, 1));
    private static final PeerAddress ADDRESS = new PeerAddress("127.0.0.1", 7410);
    private static final PeerAddress ELSEWHERE = new PeerAddress("127.0.0.1", 7420);

    private final EventLoop loop = new DefaultEventLoop();
    private final List<NodeInput> inbox = new CopyOnWriteArrayList<>();
    private final List<PeerLink.Attempt> attempts = new CopyOnWriteArrayList<>();
    private final List<PeerAddress> dialled = new CopyOnWriteArrayList<>();
    private final List<String> dropped = new ArrayList<>();
    private final StuckOutlet outlet = new StuckOutlet();

    private PeerLink link;

    @BeforeEach
    void connect() throws Exception {
        NetOptions.PeerLimits limits =
                new NetOptions.PeerLimits(BULK_BYTES, RESERVE_BYTES, 1_000, 1, 50);
        NetOptions d = NetOptions.DEFAULT;
        NetDoors doors = new NetDoors(
                inbox::add,
                new StubFacts(),
                new CommandValidator(RequestLimits.DEFAULTS),
                event -> {},
                new RequestMeter(new NodeMetrics(), Long.MAX_VALUE),
                System::nanoTime,
                Thread::new,
                Runnable::run,
                new StubNode.NoAnswers(),
                failure -> {
                    throw new AssertionError(failure);
                });
        NetContext context = NetContext.of(
                new NetOptions(1, d.connections(), d.requests(), d.budget(), d.timeouts(), limits),
                doors);
        link = new PeerLink(
                2,
                ADDRESS,
                loop,
                context,
                (address, on, attempt) -> {
                    dialled.add(address);
                    attempts.add(attempt);
                },
                new Backoff(1, 50, new SplittableRandom(1)));
        link.start();
        await(() -> attempts.size() == 1);
        onLoop(() -> attempts.get(0).up(PEER, outlet));
    }

    @AfterEach
    void stop() {
        loop.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void whatFitsIsWrittenAtOnceAndInOrder() throws Exception {
        offer(heartbeats(3));
        offer(List.of(append(1_000)));

        onLoop(() -> {});
        assertThat(outlet.written).hasSize(2);
        assertThat(dropped).isEmpty();
    }

    @Test
    void entriesThatPileUpAreDroppedButHeartbeatsPass() throws Exception {
        offer(List.of(append(60_000)));
        offer(List.of(append(60_000), heartbeat()));

        onLoop(() -> {});
        assertThat(dropped).containsExactly(PeerLink.NOT_WRITABLE);
        assertThat(outlet.written).hasSize(2);
        assertThat(PeerFrames.decode(body(outlet.written.get(1)))).containsExactly(heartbeat());
    }

    @Test
    void evenHeartbeatsAreDroppedBeyondTheReserve() {
        offer(List.of(append(BULK_BYTES - 200)));
        offer(heartbeats(1_000));

        assertThat(dropped).isNotEmpty().hasSizeBetween(900, 999);
    }

    @Test
    void roomComesBackWhenBytesLeft() throws Exception {
        offer(List.of(append(90_000)));
        onLoop(() -> {});
        offer(List.of(append(90_000)));
        assertThat(dropped).hasSize(1);

        onLoop(outlet::drain);
        offer(List.of(append(90_000)));

        onLoop(() -> {});
        assertThat(dropped).hasSize(1);
        assertThat(outlet.written).hasSize(2);
    }

    @Test
    void anIdleConnectionTakesAnEntryOfAnySize() throws Exception {
        offer(List.of(append(3 * BULK_BYTES)));

        onLoop(() -> {});
        assertThat(dropped).isEmpty();
        assertThat(outlet.written).hasSize(1);
    }

    @Test
    void aLostConnectionIsReportedOnceAndDialledAgain() throws Exception {
        onLoop(() -> attempts.get(0).lost());
        onLoop(() -> attempts.get(0).lost());
        offer(List.of(heartbeat()));

        await(() -> attempts.size() == 2);
        assertThat(dropped).containsExactly(PeerLink.NOT_CONNECTED);
        assertThat(inbox)
                .containsExactly(new NodeInput.PeerConnected(PEER), new NodeInput.PeerLost(2));
    }

    @Test
    void attemptsThatFailAreRepeatedWithoutAnInput() throws Exception {
        onLoop(() -> attempts.get(0).lost());
        for (int i = 1; i < 5; i++) {
            int next = i + 1;
            await(() -> attempts.size() == next);
            onLoop(() -> attempts.get(next - 1).failed("connection refused"));
        }

        await(() -> attempts.size() == 6);
        assertThat(inbox).hasSize(2);
    }

    @Test
    void whatAStaleAttemptReportsIsIgnored() throws Exception {
        onLoop(() -> attempts.get(0).lost());
        await(() -> attempts.size() == 2);
        StuckOutlet late = new StuckOutlet();
        onLoop(() -> attempts.get(0).up(PEER, late));

        assertThat(late.closed).isTrue();
        assertThat(link.isUp()).isFalse();
    }

    @Test
    void aPeerThatWasRestartedIsDialledAgainThoughTheOldConnectionSeemsUp() throws Exception {
        link.met(PEER);
        onLoop(() -> {});
        assertThat(link.isUp()).isTrue();

        link.met(new PeerIdentity(2, PEER.storeId(), new Life(PEER.incarnation() + 1, 1)));

        await(() -> attempts.size() == 2);
        // Anybody may say so.
        assertThat(outlet.closed).isFalse();
        assertThat(link.isUp()).isTrue();
        StuckOutlet next = new StuckOutlet();
        onLoop(() -> attempts.get(1)
                .up(
                        new PeerIdentity(2, PEER.storeId(), new Life(PEER.incarnation() + 1, 1)),
                        next));
        assertThat(outlet.closed).isTrue();
        assertThat(link.isUp()).isTrue();
        onLoop(() -> attempts.get(1).lost());
        assertThat(link.isUp()).isFalse();
    }

    @Test
    void whoeverDialsInTheNameOfALivingPeerCutsNothing() throws Exception {
        link.met(
                new PeerIdentity(2, Bytes.of(new byte[] {1}), new Life(PEER.incarnation() + 1, 1)));
        link.met(new PeerIdentity(2, PEER.storeId(), new Life(PEER.incarnation() - 1, 1)));
        onLoop(() -> {});
        assertThat(attempts).hasSize(1);

        for (int i = 0; i < 100; i++) {
            link.met(new PeerIdentity(2, PEER.storeId(), new Life(PEER.incarnation() + 1, 1)));
        }
        await(() -> attempts.size() == 2);
        StuckOutlet same = new StuckOutlet();
        onLoop(() -> attempts.get(1).up(PEER, same));

        assertThat(attempts).hasSize(2);
        assertThat(same.closed).isTrue();
        assertThat(outlet.closed).isFalse();
        assertThat(link.isUp()).isTrue();
    }

    @Test
    void aPeerThatMovedIsDialledAtItsNewAddress() {
        link.moveTo(ADDRESS);
        link.moveTo(ELSEWHERE);

        await(() -> dialled.size() == 2);
        assertThat(dialled).containsExactly(ADDRESS, ELSEWHERE);
        assertThat(outlet.closed).isTrue();
    }

    @Test
    void aPeerThatTellsAnotherAddressIsDialledThereOnceItsConnectionIsGone() throws Exception {
        link.announced(ELSEWHERE);
        onLoop(() -> {});
        assertThat(outlet.closed).isFalse();

        onLoop(() -> attempts.get(0).lost());
        await(() -> attempts.size() == 2);
        onLoop(() -> attempts.get(1).failed("refused"));
        await(() -> attempts.size() == 3);
        onLoop(() -> attempts.get(2).failed("refused"));
        await(() -> attempts.size() == 4);

        assertThat(dialled).containsExactly(ADDRESS, ADDRESS, ELSEWHERE, ADDRESS);
    }

    @Test
    void aPeerThatCannotBeReachedIsDialledAtOnceWhereItSaysThatItIs() throws Exception {
        onLoop(() -> attempts.get(0).lost());
        await(() -> attempts.size() == 2);

        link.announced(ELSEWHERE);

        await(() -> attempts.size() == 3);
        assertThat(dialled.get(2)).isEqualTo(ELSEWHERE);
    }

    @Test
    void whatIsNoAddressIsNotDialled() {
        for (String text : List.of("", "a", "a:", ":7400", "a:0", "a:65536", "::1:7400", "[]:1")) {
            assertThat(PeerAddress.parse(text)).as(text).isEmpty();
        }
        assertThat(PeerAddress.parse("[::1]:7400")).contains(new PeerAddress("::1", 7400));
        assertThat(PeerAddress.parse(ADDRESS.toString())).contains(ADDRESS);
    }

    @Test
    void aClosedLinkDialsNoMore() throws Exception {
        link.close();
        link.moveTo(ELSEWHERE);
        link.met(PEER);
        onLoop(() -> attempts.get(0).lost());
        onLoop(() -> {});

        assertThat(dialled).containsExactly(ADDRESS);
        assertThat(inbox).containsExactly(new NodeInput.PeerConnected(PEER));
    }

    private void offer(List<PeerPayload> payloads) {
        link.offer(payloads, (payload, reason) -> dropped.add(reason));
    }

    private static PeerPayload heartbeat() {
        return new PeerPayload.OfReplica(PeerTransportTest.append(1, 2, 1, List.of()));
    }

    private static List<PeerPayload> heartbeats(int count) {
        return Collections.nCopies(count, heartbeat());
    }

    private static PeerPayload append(int payloadBytes) {
        Message.AppendEntries append =
                PeerTransportTest.append(1, 2, 1, List.of(PeerTransportTest.run(1, payloadBytes)));
        return new PeerPayload.OfReplica(append);
    }

    private static Bytes body(List<Bytes> pieces) {
        assertThat(pieces).hasSize(1);
        return pieces.get(0).slice(4);
    }

    private void onLoop(Runnable task) throws Exception {
        loop.submit(task).get(10, TimeUnit.SECONDS);
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(StubNode.DEADLINE)
                .pollInterval(Duration.ofMillis(2))
                .until(condition);
    }

    /** A connection whose other end reads nothing until it is drained. */
    private static final class StuckOutlet implements PeerLink.Outlet {
        final List<List<Bytes>> written = new CopyOnWriteArrayList<>();
        final List<Runnable> pending = new ArrayList<>();
        volatile boolean closed;

        @Override
        public void write(List<Bytes> pieces, Runnable done) {
            written.add(pieces);
            pending.add(done);
        }

        void drain() {
            pending.forEach(Runnable::run);
            pending.clear();
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private static final class StubFacts implements NodeFacts {
        @Override
        public java.util.Map<String, Double> figures() {
            return java.util.Map.of();
        }

        @Override
        public PeerIdentity identity() {
            return new PeerIdentity(1, Bytes.of(new byte[16]), new Life(1, 1));
        }

        @Override
        public Bytes clusterId() {
            return Bytes.EMPTY;
        }

        @Override
        public long term() {
            return 0;
        }

        @Override
        public String program() {
            return "test";
        }
    }
}
