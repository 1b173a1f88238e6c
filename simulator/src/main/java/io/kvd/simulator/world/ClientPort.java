package io.kvd.simulator.world;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Wire;
import io.kvd.core.kv.CommandValidator;
import io.kvd.core.kv.RequestLimits;
import io.kvd.core.kv.Verdict;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.PingResult;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Where clients reach a process: reads requests, has them validated as in production, and routes the answers. */
final class ClientPort {
    private static final CommandValidator VALIDATOR = new CommandValidator(RequestLimits.DEFAULTS);

    private final NodeProcess self;
    private final TreeMap<Long, ClientConnection> open = new TreeMap<>();

    ClientPort(NodeProcess self) {
        this.self = self;
    }

    HandshakeReply accept(ClientConnection connection) {
        open.put(connection.id(), connection);
        return HandshakeReply.newBuilder()
                .setCode(Code.OK)
                .setVersion(Wire.MAX_VERSION)
                .setClusterId(wrap(self.clusterId()))
                .setNodeId(self.host().id())
                .setProgram("simulated")
                .setMaxFrameBytes(
                        RequestLimits.DEFAULTS.maxRequestBytes() + Wire.CLIENT_FRAME_SLACK_BYTES)
                .build();
    }

    void arrived(ClientConnection connection, Bytes body) {
        if (self.isOver()) {
            return;
        }
        self.guard(() -> {
            try {
                take(connection, Request.parseFrom(body.toArray()));
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError("a client sent no Request", e);
            }
        });
    }

    private void take(ClientConnection connection, Request request) {
        switch (request.getBodyCase()) {
            case COMMAND -> write(connection, request);
            case RANGE -> range(connection, request);
            case STATUS -> post(connection, request, new ClientRequest.Status());
            case PING ->
                answer(
                        connection,
                        header(request, Code.OK).setPing(PingResult.getDefaultInstance()));
            case FIGURES -> throw new AssertionError("a simulated node measures nothing");
            case BODY_NOT_SET -> throw new AssertionError("a request for nothing");
        }
    }

    private void write(ClientConnection connection, Request request) {
        Bytes bytes = Bytes.of(request.getCommand().toByteArray());
        Entry.Origin session = new Entry.Origin(
                request.getSessionId(), request.getSequence(), request.getLowestUnanswered(), 0);
        Verdict<Command> verdict = VALIDATOR.command(bytes, session);
        if (verdict instanceof Verdict.Accepted<Command> accepted) {
            post(connection, request, new ClientRequest.Write(accepted.request(), bytes, session));
        } else {
            refuse(connection, request, verdict);
        }
    }

    private void range(ClientConnection connection, Request request) {
        Verdict<RangeRequest> verdict = VALIDATOR.range(request.getRange());
        if (verdict instanceof Verdict.Accepted<RangeRequest> accepted) {
            post(connection, request, new ClientRequest.Range(accepted.request()));
        } else {
            refuse(connection, request, verdict);
        }
    }

    private void post(ClientConnection connection, Request request, ClientRequest.Body body) {
        RequestOrigin origin = new RequestOrigin(connection.id(), request.getRequestId(), 0, 0);
        long deadlineNanos = self.host().localNanos() + request.getTimeoutMs() * 1_000_000L;
        ClientRequest forLoop =
                new ClientRequest(origin, NodeProcess.GROUP_ID, deadlineNanos, body);
        self.observer().taken(self, forLoop);
        self.post(new NodeInput.ClientRequests(List.of(forLoop)));
    }

    private <T> void refuse(ClientConnection connection, Request request, Verdict<T> verdict) {
        if (!(verdict instanceof Verdict.Refused<T> refused)) {
            throw new AssertionError("unhandled " + verdict);
        }
        answer(
                connection,
                header(request, refused.refusal().code())
                        .setMessage(refused.refusal().message()));
    }

    private Reply.Builder header(Request request, Code code) {
        return Reply.newBuilder()
                .setRequestId(request.getRequestId())
                .setCode(code)
                .setNodeId(self.host().id())
                .setClusterId(wrap(self.clusterId()));
    }

    private void answer(ClientConnection connection, Reply.Builder reply) {
        connection.reply(Bytes.of(reply.build().toByteArray()), self.effectNanos());
    }

    void deliver(List<ClientReply> replies, long departureNanos) {
        for (ClientReply reply : replies) {
            if (reply.answerBytes() > 0) {
                answerLeaves(reply, departureNanos);
            }
            if (reply.to().connectionId() == World.UNADDRESSED) {
                self.deliverUnaddressed(reply);
                continue;
            }
            self.observer().replied(self, reply.to());
            ClientConnection connection = open.get(reply.to().connectionId());
            if (connection != null) {
                connection.reply(reply.body(), departureNanos);
            }
        }
    }

    // A moment later: until then it fills its connection's buffers.
    private void answerLeaves(ClientReply reply, long departureNanos) {
        self.plan(
                "answer-left",
                departureNanos + self.host().workNanos(),
                () -> self.answerLeft(reply.to().connectionId(), reply.answerBytes()));
    }

    /** Whether an answer would reach somebody. */
    boolean isOpen(long connectionId) {
        return connectionId == World.UNADDRESSED || open.containsKey(connectionId);
    }

    void closed(ClientConnection connection) {
        open.remove(connection.id());
    }

    /** Every connection breaks under its requests. */
    void reset() {
        List<ClientConnection> all = new ArrayList<>(open.values());
        open.clear();
        all.forEach(ClientConnection::closedByProcess);
    }

    void end() {
        reset();
    }

    private static ByteString wrap(Bytes bytes) {
        return ByteString.copyFrom(bytes.array(), bytes.offset(), bytes.length());
    }
}
