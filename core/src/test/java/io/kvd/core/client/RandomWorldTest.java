package io.kvd.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.client.ClientCall.Read;
import io.kvd.core.client.ClientCall.Write;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.ClientOptions.Discovery;
import io.kvd.core.client.ClientOptions.WhenUnreachable;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.OpenSessionResult;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;
import io.kvd.protocol.StatusResult;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A machine in a world where connections break, nodes fall silent, leaders change, writes are applied without an answer
 * and sessions expire, all at random. Whatever happens, its outcomes must be true.
 */
class RandomWorldTest {
    private static final long MS = 1_000_000;
    private static final int NODES = 3;
    private static final int CALLS = 400;
    private static final int TIMEOUT_MS = 3_000;

    @Test
    void outcomesAreTrueWhateverHappens() {
        int ok = 0;
        int unknown = 0;
        for (long seed = 1; seed <= 150; seed++) {
            World world = new World(seed);
            world.run();
            ok += world.count(Outcome.Ok.class);
            unknown += world.count(Outcome.Unknown.class);
        }
        // The world is neither too kind nor too cruel to show anything.
        assertThat(ok).isGreaterThan(150 * CALLS / 4);
        assertThat(unknown).isGreaterThan(150);
    }

    private static final class World {
        private record Event(long timeNanos, long order, Runnable action) {}

        private record Submitted(WriteMode mode, long deadlineNanos) {}

        private final long seed;
        private final SplittableRandom random;
        private final ClientCore core;
        private final PriorityQueue<Event> events =
                new PriorityQueue<>((one, other) -> one.timeNanos != other.timeNanos
                        ? Long.compare(one.timeNanos, other.timeNanos)
                        : Long.compare(one.order, other.order));
        private final Map<Long, Submitted> submitted = new HashMap<>();
        private final Map<Long, Outcome<Answer>> outcomes = new HashMap<>();
        private final Map<String, Integer> applied = new HashMap<>();
        private final Map<String, Result> kept = new HashMap<>();
        private final Map<ByteString, Long> nonces = new HashMap<>();
        private final Map<Long, Long> lowestUnanswered = new HashMap<>();
        private final Set<Long> sessions = new HashSet<>();
        private final Set<Long> open = new HashSet<>();
        private final Map<Long, Integer> nodeOfConnection = new HashMap<>();
        private final boolean[] silent = new boolean[NODES];
        private final boolean[] down = new boolean[NODES];
        private int leader;
        private long lastSession = 10;
        private long order;
        private long nowNanos;
        private long wakeSetFor = Long.MAX_VALUE;

        World(long seed) {
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.core = new ClientCore(
                    new ClientOptions(
                            List.of("n0:1", "n1:1", "n2:1"),
                            "test",
                            60_000,
                            WhenUnreachable.KEEP_TRYING,
                            random.nextBoolean() ? Discovery.MEMBERS : Discovery.NONE),
                    new SplittableRandom(seed));
        }

        void run() {
            for (long id = 1; id <= CALLS; id++) {
                long callId = id;
                at(random.nextLong(10_000 * MS), () -> submit(callId));
            }
            for (int i = 0; i < 60; i++) {
                at(random.nextLong(12_000 * MS), this::mishap);
            }
            for (Event event = events.poll();
                    event != null && nowNanos < 60_000 * MS;
                    event = events.poll()) {
                nowNanos = Math.max(nowNanos, event.timeNanos);
                event.action.run();
                perform();
            }
            check();
        }

        private void at(long timeNanos, Runnable action) {
            events.add(new Event(timeNanos, order++, action));
        }

        private void after(long nanos, Runnable action) {
            at(nowNanos + nanos, action);
        }

        private void submit(long callId) {
            int kind = random.nextInt(3);
            WriteMode mode = kind == 0 ? WriteMode.SESSIONLESS : WriteMode.SESSION;
            submitted.put(
                    callId,
                    new Submitted(
                            kind == 2 ? WriteMode.IDEMPOTENT : mode, nowNanos + TIMEOUT_MS * MS));
            if (kind == 2) {
                RangeRequest range = RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("k"))
                        .build();
                core.submit(callId, new Read(range, TIMEOUT_MS), nowNanos);
            } else {
                PutCommand put = PutCommand.newBuilder()
                        .setKey(ByteString.copyFromUtf8("call " + callId))
                        .build();
                Command command = Command.newBuilder().setPut(put).build();
                core.submit(callId, new Write(command.toByteString(), mode, TIMEOUT_MS), nowNanos);
            }
        }

        /** Something goes wrong, or is mended. */
        private void mishap() {
            int node = random.nextInt(NODES);
            switch (random.nextInt(8)) {
                case 0 -> cut(node);
                case 1 -> {
                    down[node] = true;
                    cut(node);
                    after(random.nextLong(2_000 * MS), () -> down[node] = false);
                }
                case 2 -> {
                    silent[node] = true;
                    after(random.nextLong(4_000 * MS), () -> silent[node] = false);
                }
                case 3 -> leader = -1;
                case 4 -> sessions.clear();
                default -> leader = node;
            }
        }

        private void cut(int node) {
            for (long connection : new ArrayList<>(open)) {
                if (nodeOfConnection.getOrDefault(connection, -1) == node) {
                    open.remove(connection);
                    after(
                            random.nextLong(5 * MS),
                            () -> core.connectionLost(connection, "cut", nowNanos));
                }
            }
        }

        private void perform() {
            for (List<ClientOutput> outputs = core.takeOutputs();
                    !outputs.isEmpty();
                    outputs = core.takeOutputs()) {
                for (ClientOutput output : outputs) {
                    perform(output);
                }
            }
            long wait = core.nanosUntilWake(nowNanos);
            if (wait < Long.MAX_VALUE && nowNanos + wait < wakeSetFor) {
                wakeSetFor = nowNanos + wait;
                after(wait, () -> {
                    wakeSetFor = Long.MAX_VALUE;
                    core.wake(nowNanos);
                });
            }
        }

        private void perform(ClientOutput output) {
            if (output instanceof ClientOutput.Connect connect) {
                int node = connect.address().charAt(1) - '0';
                nodeOfConnection.put(connect.connection(), node);
                after(delay(), () -> dialled(connect.connection(), node));
            } else if (output instanceof ClientOutput.Disconnect disconnect) {
                open.remove(disconnect.connection());
            } else if (output instanceof ClientOutput.Send send) {
                after(delay(), () -> arrived(send.connection(), send.request()));
            } else if (output instanceof ClientOutput.Complete complete) {
                assertThat(outcomes.put(complete.callId(), complete.outcome()))
                        .as("seed %d, call %d is completed once", seed, complete.callId())
                        .isNull();
                assertThat(nowNanos)
                        .as("seed %d, call %d is over by its deadline", seed, complete.callId())
                        .isLessThanOrEqualTo(submission(complete.callId()).deadlineNanos());
            } else {
                throw new AssertionError(output);
            }
        }

        private void dialled(long connection, int node) {
            if (down[node]) {
                core.connectionLost(connection, "connection refused", nowNanos);
            } else if (!silent[node]) {
                open.add(connection);
                HandshakeReply reply = HandshakeReply.newBuilder()
                        .setCode(Code.OK)
                        .setVersion(1)
                        .setNodeId(node + 1)
                        .build();
                core.connectionUp(connection, reply, nowNanos);
            }
        }

        /** The request reaches the node even if the connection broke meanwhile; only the answer is lost then. */
        private void arrived(long connection, Request request) {
            int node = nodeOfConnection.getOrDefault(connection, -1);
            if (down[node]) {
                return;
            }
            if (silent[node]) {
                // A stopped process goes on with what waits for it, long after everybody gave it
                // up.
                after(random.nextLong(500 * MS), () -> arrived(connection, request));
                return;
            }
            Reply.Builder reply = answer(node, request).setRequestId(request.getRequestId());
            if (open.contains(connection) && random.nextInt(50) > 0) {
                after(delay(), () -> core.received(connection, reply.build(), nowNanos));
            } else if (open.remove(connection)) {
                core.connectionLost(connection, "lost with an answer", nowNanos);
            }
        }

        private Reply.Builder answer(int node, Request request) {
            if (request.hasStatus()) {
                return Reply.newBuilder()
                        .setCode(Code.OK)
                        .setStatus(StatusResult.getDefaultInstance());
            }
            if (request.hasPing()) {
                return Reply.newBuilder().setCode(Code.OK);
            }
            if (node != leader) {
                Reply.Builder reply = Reply.newBuilder().setRetryable(true);
                if (leader < 0) {
                    return reply.setCode(Code.NO_LEADER).setRetryAfterMs(random.nextInt(100));
                }
                // The hint may be missing, or out of date.
                int hint = random.nextInt(4) == 0 ? random.nextInt(NODES) : leader;
                return reply.setCode(Code.NOT_LEADER)
                        .setLeaderHint(random.nextInt(4) == 0 ? "" : "n" + hint + ":1");
            }
            if (random.nextInt(20) == 0) {
                return Reply.newBuilder()
                        .setCode(Code.BUSY)
                        .setRetryable(true)
                        .setRetryAfterMs(random.nextInt(50));
            }
            if (request.hasRange()) {
                return Reply.newBuilder()
                        .setCode(Code.OK)
                        .setRange(RangeResult.getDefaultInstance());
            }
            boolean proposalLost = random.nextInt(20) == 0;
            Result result = proposalLost && random.nextBoolean()
                    ? Result.getDefaultInstance()
                    : apply(request);
            return proposalLost
                    ? Reply.newBuilder()
                            .setCode(Code.UNKNOWN_OUTCOME)
                            .setRetryable(true)
                            .setMayHaveCommitted(true)
                    : Reply.newBuilder().setCode(Code.OK).setResult(result.toByteString());
        }

        private Result apply(Request request) {
            Command command = Script.parse(request.getCommand());
            Result.Builder result = Result.newBuilder().setCode(Code.OK);
            if (command.hasOpenSession()) {
                long id = nonces.computeIfAbsent(
                        command.getOpenSession().getNonce(), nonce -> ++lastSession);
                sessions.add(id);
                return result.setOpenSession(
                                OpenSessionResult.newBuilder().setSessionId(id).setTtlMs(60_000))
                        .build();
            }
            if (!command.hasPut()) {
                return result.build();
            }
            if (request.getSessionId() == 0) {
                applied.merge(command.getPut().getKey().toStringUtf8(), 1, Integer::sum);
                return result.build();
            }
            if (!sessions.contains(request.getSessionId())) {
                return result.setCode(Code.SESSION_EXPIRED).build();
            }
            assertThat(request.getSequence() - request.getLowestUnanswered()).isBetween(0L, 1_023L);
            long lowest = Math.max(
                    lowestUnanswered.getOrDefault(request.getSessionId(), 1L),
                    request.getLowestUnanswered());
            lowestUnanswered.put(request.getSessionId(), lowest);
            if (request.getSequence() < lowest) {
                return result.setCode(Code.ALREADY_ANSWERED).build();
            }
            return kept.computeIfAbsent(
                    request.getSessionId() + "/" + request.getSequence(), name -> {
                        applied.merge(command.getPut().getKey().toStringUtf8(), 1, Integer::sum);
                        return result.build();
                    });
        }

        private void check() {
            for (long id = 1; id <= CALLS; id++) {
                Outcome<Answer> outcome = outcomes.get(id);
                assertThat(outcome)
                        .as("seed %d, call %d is completed", seed, id)
                        .isNotNull();
                int times = applied.getOrDefault("call " + id, 0);
                String name = "seed " + seed + ", call " + id + ", "
                        + submission(id).mode() + ", " + outcome;
                if (submission(id).mode() == WriteMode.IDEMPOTENT) {
                    assertThat(outcome).as(name).isNotInstanceOf(Outcome.Unknown.class);
                } else if (outcome instanceof Outcome.Ok) {
                    assertThat(times).as(name).isEqualTo(1);
                } else if (outcome instanceof Outcome.Unknown) {
                    assertThat(times).as(name).isLessThanOrEqualTo(1);
                } else {
                    assertThat(times).as(name).isZero();
                }
            }
        }

        private Submitted submission(long callId) {
            return Objects.requireNonNull(submitted.get(callId));
        }

        int count(Class<?> kind) {
            int count = 0;
            for (Outcome<Answer> outcome : outcomes.values()) {
                count += kind.isInstance(outcome) ? 1 : 0;
            }
            return count;
        }

        private long delay() {
            return random.nextInt(100) == 0 ? random.nextLong(200 * MS) : random.nextLong(3 * MS);
        }
    }
}
