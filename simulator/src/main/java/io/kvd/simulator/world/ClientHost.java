package io.kvd.simulator.world;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientCall;
import io.kvd.core.client.ClientCore;
import io.kvd.core.client.ClientOptions;
import io.kvd.core.client.ClientOutput;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.CloseSessionCommand;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetCommand;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.DeleteCommand;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.KeepSessionAliveCommand;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.simulator.engine.Event;
import io.kvd.simulator.net.Network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** A client's machine: drives the production step machine over the simulated network. */
public final class ClientHost {
    /** How long it takes to find out that nobody listens. */
    private static final long NOBODY_NANOS = 500_000;

    /** How outcomes begin to say that the client's process ended before it was answered. */
    public static final String ENDED = "the client was ";

    private final World world;
    private final int number;
    private final String name;
    private final ClientOptions options;
    private final SplittableRandom random;
    /** Of the client's process; another one takes its place when it ends. */
    private ClientCore core;
    /** By the client's own number. */
    private final TreeMap<Long, ClientConnection> connections = new TreeMap<>();
    /** By connection and request id: what is unanswered. */
    private final TreeMap<Long, TreeMap<Long, Request>> unanswered = new TreeMap<>();
    /** By number: what is under way. */
    private final TreeMap<Long, Operation> operations = new TreeMap<>();

    private Completion completion = (operation, outcome) -> {};
    private Wake planned = new Wake();
    private long pausedUntilNanos;
    private final List<Runnable> blocked = new ArrayList<>();
    /** Whether the process says good-bye. */
    private boolean leaving;
    /** Operations for the next process. */
    private final List<Operation> held = new ArrayList<>();

    /** Told when an operation is over. */
    @FunctionalInterface
    public interface Completion {
        void completed(Operation operation, Outcome<Answer> outcome);
    }

    /** @param number among the network's hosts */
    ClientHost(
            World world, int number, String name, ClientOptions options, SplittableRandom random) {
        this.world = world;
        this.number = number;
        this.name = name;
        this.options = options;
        this.random = random;
        this.core = new ClientCore(options, random.split());
    }

    public int number() {
        return number;
    }

    public void whenCompleted(Completion then) {
        completion = then;
    }

    /** Operations that are not over. */
    public int pendingCount() {
        return operations.size();
    }

    /** Begins an operation. */
    public void submit(Operation operation) {
        operations.put(operation.number(), operation);
        world.observers().invoked(this, operation);
        if (leaving) {
            held.add(operation);
        } else {
            core.submit(operation.number(), call(operation), now());
            settle();
        }
    }

    /** The process ends as its program closes the client: it says good-bye. Another process goes on. */
    public void leave() {
        if (!leaving) {
            leaving = true;
            core.close(now());
            settle();
        }
    }

    /** The process is killed: nobody says anything. Another one goes on, and knows nothing of what was under way. */
    public void die() {
        List<ClientConnection> open = new ArrayList<>(connections.values());
        List<Operation> lost = new ArrayList<>(operations.values());
        lost.removeAll(held);
        nextProcess();
        open.forEach(ClientConnection::closedByClient);
        for (Operation operation : lost) {
            String killed = ENDED + "killed";
            completed(new ClientOutput.Complete(
                    operation.number(),
                    operation.isWrite()
                            ? new Outcome.Unknown<>(killed)
                            : new Outcome.Unavailable<>(Outcome.Reason.CLOSED, killed)));
        }
    }

    private void nextProcess() {
        connections.clear();
        unanswered.clear();
        core = new ClientCore(options, random.split());
        leaving = false;
        List<Operation> waiting = List.copyOf(held);
        held.clear();
        for (Operation operation : waiting) {
            core.submit(operation.number(), call(operation), now());
        }
        settle();
    }

    /** The process stands still until that moment. */
    public void pauseUntil(long atNanos) {
        pausedUntilNanos = Math.max(pausedUntilNanos, atNanos);
        world.timeline().at(pausedUntilNanos, new ClientTask("client-resume", this::resume));
    }

    private void resume() {
        if (pausedUntilNanos <= now()) {
            List<Runnable> waiting = List.copyOf(blocked);
            blocked.clear();
            waiting.forEach(Runnable::run);
        }
    }

    private long now() {
        return world.timeline().nowNanos();
    }

    private static ClientCall call(Operation operation) {
        Operation.Body body = operation.body();
        if (body instanceof Operation.Read read) {
            return new ClientCall.Read(range(read), operation.timeoutMs());
        }
        return new ClientCall.Write(
                command(body).toByteString(), operation.mode(), operation.timeoutMs());
    }

    private static RangeRequest range(Operation.Read read) {
        Operation.Demand demand = read.demand();
        RangeRequest.Builder range = RangeRequest.newBuilder()
                .setKey(wrap(read.from()))
                .setRangeEnd(wrap(read.to()))
                .setLimit(read.part().limit())
                .setKeysOnly(read.part().content() == Operation.Content.KEYS)
                .setCountOnly(read.part().content() == Operation.Content.COUNT)
                .setConsistency(demand.consistency());
        if (demand.consistency() == Consistency.AT_LEAST) {
            range.setAtLeastRevision(demand.amount());
        } else if (demand.consistency() == Consistency.BOUNDED) {
            range.setMaxStalenessMs((int) demand.amount());
        }
        return range.build();
    }

    /** The command that a write sends. */
    public static Command command(Operation.Body body) {
        Command.Builder command = Command.newBuilder();
        if (body instanceof Operation.Put put) {
            command.setPut(
                    PutCommand.newBuilder().setKey(wrap(put.key())).setValue(wrap(put.value())));
        } else if (body instanceof Operation.Delete delete) {
            command.setDelete(DeleteCommand.newBuilder().setKey(wrap(delete.key())));
        } else if (body instanceof Operation.CompareAndSet cas) {
            command.setCompareAndSet(CompareAndSetCommand.newBuilder()
                    .setKey(wrap(cas.key()))
                    .setValue(wrap(cas.value()))
                    .setExpectedModRevision(cas.expectedModRevision()));
        } else if (body instanceof Operation.OpenSession open) {
            command.setOpenSession(OpenSessionCommand.newBuilder()
                    .setNonce(wrap(open.nonce()))
                    .setTtlMs(open.ttlMs()));
        } else if (body instanceof Operation.CloseSession close) {
            command.setCloseSession(
                    CloseSessionCommand.newBuilder().setSessionId(close.sessionId()));
        } else if (body instanceof Operation.KeepSessionAlive keep) {
            command.setKeepSessionAlive(
                    KeepSessionAliveCommand.newBuilder().setSessionId(keep.sessionId()));
        } else {
            throw new AssertionError("unhandled " + body);
        }
        return command.build();
    }

    private static ByteString wrap(Bytes bytes) {
        return ByteString.copyFrom(bytes.array(), bytes.offset(), bytes.length());
    }

    /** Carries out what the machine asks for, and plans its next waking. */
    private void settle() {
        for (List<ClientOutput> outputs = core.takeOutputs();
                !outputs.isEmpty();
                outputs = core.takeOutputs()) {
            outputs.forEach(this::carryOut);
        }
        if (leaving && core.isClosed()) {
            nextProcess();
            return;
        }
        long nanos = core.nanosUntilWake(now());
        if (nanos != Long.MAX_VALUE) {
            wakeAt(now() + nanos);
        }
    }

    private void carryOut(ClientOutput output) {
        if (output instanceof ClientOutput.Connect connect) {
            dial(connect);
        } else if (output instanceof ClientOutput.Disconnect disconnect) {
            forget(disconnect.connection()).ifPresent(ClientConnection::closedByClient);
        } else if (output instanceof ClientOutput.Send send) {
            send(send.connection(), send.request());
        } else if (output instanceof ClientOutput.Complete complete) {
            completed(complete);
        } else {
            throw new AssertionError("unhandled " + output);
        }
    }

    private void send(long connection, Request request) {
        ClientConnection open = connections.get(connection);
        if (open == null) {
            throw new Violation(
                    "requests go over open connections", name + " sends on " + connection);
        }
        unanswered
                .computeIfAbsent(connection, c -> new TreeMap<>())
                .put(request.getRequestId(), request);
        world.observers().asked(this, request);
        open.request(Bytes.of(request.toByteArray()));
    }

    private void completed(ClientOutput.Complete complete) {
        Operation operation = operations.remove(complete.callId());
        if (operation == null) {
            throw new Violation(
                    "each call is completed once", name + " completed " + complete.callId());
        }
        world.remarkCompleted(this, operation, complete.outcome());
        world.observers().completed(this, operation, complete.outcome());
        completion.completed(operation, complete.outcome());
    }

    private Optional<ClientConnection> forget(long connection) {
        unanswered.remove(connection);
        return Optional.ofNullable(connections.remove(connection));
    }

    private void dial(ClientOutput.Connect connect) {
        Optional<Host> listener = world.hostAt(connect.address());
        if (listener.isEmpty()) {
            plan("client-refused", now() + NOBODY_NANOS, () -> {
                core.connectionLost(connect.connection(), "connection refused", now());
                settle();
            });
            return;
        }
        Host target = listener.get();
        Network network = world.network();
        boolean isCut = network.path(number, target.number()).isCut()
                || network.path(target.number(), number).isCut();
        if (isCut || target.isPaused()) {
            return; // The machine has a timer for it.
        }
        long forth = network.delayNanos(number, target.number());
        long back = network.delayNanos(target.number(), number);
        Optional<NodeProcess> process = target.process();
        ClientCore dialling = core;
        if (process.isEmpty()) {
            plan("client-refused", now() + forth + back, () -> {
                if (core == dialling) {
                    core.connectionLost(connect.connection(), "connection refused", now());
                    settle();
                }
            });
            return;
        }
        ClientConnection opened = new ClientConnection(
                world.nextConnectionId(), this, connect.connection(), process.get());
        process.get().plan("accept", now() + forth, () -> {
            HandshakeReply reply = process.get().clients().accept(opened);
            plan("client-up", now() + back, () -> up(dialling, opened, reply));
        });
    }

    private void up(ClientCore dialling, ClientConnection opened, HandshakeReply reply) {
        if (core != dialling) {
            opened.closedByClient();
            return;
        }
        if (opened.process().isOver()) {
            core.connectionLost(opened.clientNumber(), "connection reset", now());
        } else {
            connections.put(opened.clientNumber(), opened);
            core.connectionUp(opened.clientNumber(), reply, now());
        }
        settle();
    }

    void lost(ClientConnection connection, String reason) {
        if (connections.get(connection.clientNumber()) == connection) {
            forget(connection.clientNumber());
            core.connectionLost(connection.clientNumber(), reason, now());
            settle();
        }
    }

    void arrived(ClientConnection connection, Bytes body) {
        if (pausedUntilNanos > now()) {
            blocked.add(() -> arrived(connection, body));
            return;
        }
        if (connections.get(connection.clientNumber()) != connection) {
            return;
        }
        try {
            Reply reply = Reply.parseFrom(body.toArray());
            Request request = unanswered
                    .getOrDefault(connection.clientNumber(), new TreeMap<>())
                    .remove(reply.getRequestId());
            if (request != null) {
                world.observers().answered(this, request, reply);
            }
            core.received(connection.clientNumber(), reply, now());
        } catch (InvalidProtocolBufferException e) {
            throw new Violation("replies can be read", name + ": " + e.getMessage(), e);
        }
        settle();
    }

    /** Breaks all connections under what is on them. */
    public void resetConnections() {
        for (ClientConnection connection : new ArrayList<>(connections.values())) {
            connection.process().clients().closed(connection);
            connection.closedByProcess();
        }
    }

    private void wakeAt(long atNanos) {
        if (planned.isDue && planned.atNanos() <= atNanos) {
            return;
        }
        planned.isDue = false;
        planned = new Wake();
        planned.isDue = true;
        world.timeline().at(atNanos, planned);
    }

    void plan(String kind, long atNanos, Runnable body) {
        world.timeline().at(atNanos, new ClientTask(kind, body));
    }

    @Override
    public String toString() {
        return name;
    }

    private final class Wake extends Event {
        private boolean isDue;

        @Override
        protected boolean isStale() {
            return !isDue;
        }

        @Override
        protected void happen() {
            isDue = false;
            if (pausedUntilNanos > now()) {
                wakeAt(pausedUntilNanos);
            } else {
                core.wake(now());
                settle();
            }
        }

        @Override
        protected String kind() {
            return "client-wake";
        }

        @Override
        protected long fingerprint() {
            return number;
        }

        @Override
        protected String describe() {
            return name;
        }
    }

    /** Something that comes to the client at a later moment. */
    private final class ClientTask extends Event {
        private final String kind;
        private final Runnable body;

        private ClientTask(String kind, Runnable body) {
            this.kind = kind;
            this.body = body;
        }

        @Override
        protected void happen() {
            if (pausedUntilNanos > now()) {
                blocked.add(body);
            } else {
                body.run();
            }
        }

        @Override
        protected String kind() {
            return kind;
        }

        @Override
        protected long fingerprint() {
            return number;
        }

        @Override
        protected String describe() {
            return name;
        }
    }
}
