package io.kvd.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kvd.client.CallOptions.Writes;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;
import io.kvd.core.client.Outcome.Reason;
import io.kvd.protocol.Code;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.StatusResult;
import io.kvd.testing.FakeServer;
import io.kvd.testing.FakeStore;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class KvdClientTest {
    private static final Bytes KEY = Bytes.utf8("k");
    private static final Bytes VALUE = Bytes.utf8("v");

    @Test
    void putGetAndDeleteTellWhatTheStoreHolds() throws IOException {
        try (FakeServer server = FakeServer.start();
                KvdClient client = KvdClient.connect(server.address())) {
            assertThat(client.get("k")).isEmpty();
            assertThat(client.put("k", "v")).isEqualTo(2);
            assertThat(client.get("k")).contains(new KeyValue(KEY, VALUE, 2, 2, 1));
            assertThat(client.delete("k")).isEqualTo(1);
            assertThat(client.delete("k")).isZero();
            assertThat(client.get("k")).isEmpty();
        }
    }

    @Test
    void compareAndSetAnswersWithTheCurrentRevision() throws IOException {
        try (FakeServer server = FakeServer.start();
                KvdClient client = KvdClient.connect(server.address())) {
            assertThat(client.compareAndSet(KEY, 0, VALUE)).isEqualTo(new CompareAndSet(true, 2));
            assertThat(client.compareAndSet(KEY, 0, VALUE)).isEqualTo(new CompareAndSet(false, 2));
            assertThat(client.compareAndSet(KEY, 2, VALUE)).isEqualTo(new CompareAndSet(true, 3));
        }
    }

    @Test
    void scanGoesFromPageToPage() throws IOException {
        try (FakeServer server = FakeServer.start();
                KvdClient client = KvdClient.connect(server.address())) {
            for (int i = 0; i < 8; i++) {
                client.put("user/" + i, "v");
            }
            client.put("zoo", "v");

            List<String> keys = new ArrayList<>();
            client.scan(KeyRange.prefix("user/"))
                    .forEach(row -> keys.add(row.key().toUtf8()));

            assertThat(keys)
                    .containsExactly(
                            "user/0", "user/1", "user/2", "user/3", "user/4", "user/5", "user/6",
                            "user/7");
            assertThat(client.count(KeyRange.prefix("user/"))).isEqualTo(8);
            assertThat(client.count(KeyRange.all())).isEqualTo(9);
            Page page = client.scan(KeyRange.all(), 2);
            assertThat(page.rows()).hasSize(2);
            assertThat(page.next()).isEqualTo(Bytes.utf8("user/2"));
        }
    }

    @Test
    void manyCallsShareOneConnectionAndOneSession() throws IOException {
        FakeStore store = new FakeStore();
        try (FakeServer server = FakeServer.start(1, store);
                KvdClient client = KvdClient.connect(server.address())) {
            List<CompletableFuture<Outcome<Long>>> puts = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                puts.add(client.async().put(Bytes.utf8("key" + i), VALUE));
            }

            for (CompletableFuture<Outcome<Long>> put : puts) {
                assertThat(put.join()).isInstanceOf(Outcome.Ok.class);
            }
            assertThat(server.connectionCount()).isEqualTo(1);
            assertThat(store.sessionCount()).isEqualTo(1);
        }
    }

    @Test
    void repeatedWriteIsAppliedOnceThoughItsAnswerWasLost() throws IOException {
        FakeStore store = new FakeStore();
        AtomicInteger cuts = new AtomicInteger(2);
        try (FakeServer server = FakeServer.start(1, store);
                KvdClient client = KvdClient.connect(server.address())) {
            server.answer(request -> {
                Optional<Reply.Builder> answer = store.answer(request);
                boolean lost = request.getSessionId() != 0 && cuts.getAndDecrement() > 0;
                return lost ? Optional.empty() : answer;
            });

            assertThat(client.put("k", "v")).isEqualTo(2);
            assertThat(store.version("k")).isEqualTo(1);
        }
    }

    @Test
    void writeWithoutSessionIsNotRepeated() throws IOException {
        AtomicInteger writes = new AtomicInteger();
        try (FakeServer server = FakeServer.start(1, request -> {
                    writes.addAndGet(request.hasCommand() ? 1 : 0);
                    return Optional.empty();
                });
                KvdClient client = KvdClient.connect(server.address())
                        .with(CallOptions.DEFAULT.withWrites(Writes.WITHOUT_SESSION))) {
            assertThatThrownBy(() -> client.put("k", "v"))
                    .isInstanceOf(OutcomeUnknownException.class);
            assertThat(writes).hasValue(1);
        }
    }

    @Test
    void callsGoOnWithAnotherMemberWhenTheLeaderDies() throws IOException {
        FakeStore store = new FakeStore();
        FakeServer second = FakeServer.start(2, store);
        try (FakeServer first = FakeServer.start(1, store);
                second) {
            store.status(StatusResult.newBuilder()
                    .setNodeId(1)
                    .setLeaderId(1)
                    .addMembers(member(1, first))
                    .addMembers(member(2, second))
                    .build());
            try (KvdClient client = KvdClient.connect(first.address())) {
                client.put("k", "1");
                await().until(() -> first.requests().stream().anyMatch(Request::hasStatus));
                client.get("k");

                first.kill();

                client.put("k", "2");
                assertThat(store.version("k")).isEqualTo(2);
                assertThat(second.requests()).anyMatch(Request::hasCommand);
            }
        }
    }

    @Test
    void refusalIsThrownWithItsCode() throws IOException {
        try (FakeServer server = FakeServer.start()) {
            server.answer(request -> Optional.of(server.header(Code.PERMISSION_DENIED)));
            try (KvdClient client = KvdClient.connect(server.address())) {
                assertThatThrownBy(() -> client.get("k"))
                        .isInstanceOfSatisfying(
                                RefusedException.class,
                                e -> assertThat(e.code()).isEqualTo(Code.PERMISSION_DENIED));
            }
        }
    }

    @Test
    void callEndsAtItsTimeoutWhenNobodyIsThere() throws IOException {
        CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(500));
        try (KvdClient client = KvdClient.connect(FakeServer.deadAddress()).with(options)) {
            assertThatThrownBy(() -> client.get("k"))
                    .isInstanceOfSatisfying(
                            UnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.CANNOT_CONNECT))
                    .hasMessageContaining("connection refused");
        }
    }

    @Test
    @Tag("slow")
    void silentServerIsGivenUpAndAnotherOneAsked() throws IOException {
        FakeStore store = new FakeStore();
        CountDownLatch never = new CountDownLatch(1);
        try (FakeServer silent = FakeServer.start(1, request -> {
                    never.await();
                    return Optional.empty();
                });
                FakeServer second = FakeServer.start(2, store);
                KvdClient client = KvdClient.connect(silent.address(), second.address())) {
            assertThat(client.put("k", "v")).isEqualTo(2);
            never.countDown();
        }
    }

    @Test
    void closingEndsWhatIsPending() throws Exception {
        FakeStore store = new FakeStore();
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch arrived = new CountDownLatch(1);
        try (FakeServer server = FakeServer.start(1, store)) {
            KvdClient client = KvdClient.connect(server.address());
            client.put("k", "1");
            server.answer(request -> {
                if (request.hasRange()) {
                    arrived.countDown();
                    never.await();
                }
                return store.answer(request);
            });
            CompletableFuture<Outcome<Optional<KeyValue>>> pending =
                    client.async().get(KEY);
            assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> closed = CompletableFuture.runAsync(client::close);

            assertThat(pending.get(10, TimeUnit.SECONDS))
                    .isEqualTo(new Outcome.Unavailable<>(Reason.CLOSED, "the client was closed"));
            never.countDown();
            closed.get(10, TimeUnit.SECONDS);
            assertThat(store.sessionCount()).isZero();
            assertThat(client.async().get(KEY).get(10, TimeUnit.SECONDS))
                    .isInstanceOf(Outcome.Unavailable.class);
        }
    }

    @Test
    void callsOverTheBudgetAreRefusedAsBusy() throws IOException {
        try (FakeServer server = FakeServer.start();
                KvdClient client = KvdClient.builder()
                        .endpoints(List.of(server.address()))
                        .maxPendingBytes(1_000)
                        .build()) {
            assertThatThrownBy(() -> client.put(KEY, Bytes.of(new byte[2_000])))
                    .isInstanceOfSatisfying(
                            UnavailableException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.BUSY));
            assertThat(client.put("k", "v")).isEqualTo(2);
        }
    }

    @Test
    void plainCallInsideACallbackIsAnErrorInsteadOfADeadlock() throws IOException {
        try (FakeServer server = FakeServer.start();
                KvdClient client = KvdClient.connect(server.address())) {
            CompletableFuture<Boolean> refused = client.async().get(KEY).thenApply(outcome -> {
                try {
                    client.get("k");
                    return false;
                } catch (IllegalStateException e) {
                    return true;
                }
            });

            assertThat(refused).succeedsWithin(Duration.ofSeconds(10));
        }
    }

    @Test
    void hostNamesAreLookedUp() throws IOException {
        CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(5));
        try (FakeServer server = FakeServer.start();
                KvdClient client = KvdClient.connect(
                                server.address().replace("127.0.0.1", "localhost"))
                        .with(options)) {
            assertThat(client.put("k", "v")).isEqualTo(2);
        }
    }

    @Test
    void addressesWithoutAPortAreRefused() {
        assertThatThrownBy(() -> KvdClient.connect("localhost"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("host:port");
    }

    private static MemberStatus member(long nodeId, FakeServer server) {
        return MemberStatus.newBuilder()
                .setNodeId(nodeId)
                .setClientAddress(server.address())
                .setVoter(true)
                .build();
    }
}
