package io.kvd.simulator.world;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.CloseSessionCommand;
import io.kvd.protocol.Command;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.DeleteCommand;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Result;

import java.nio.charset.StandardCharsets;

/** Builds clients' requests as the network side of a server would hand them in, and reads the replies. */
final class Requests {
    private static final long NO_DEADLINE = Long.MAX_VALUE / 2;

    private long lastRequestId;

    long lastRequestId() {
        return lastRequestId;
    }

    ClientRequest put(String key, String value, Entry.Origin session) {
        return write(
                Command.newBuilder()
                        .setPut(PutCommand.newBuilder().setKey(utf8(key)).setValue(utf8(value)))
                        .build(),
                session);
    }

    ClientRequest delete(String key, Entry.Origin session) {
        return write(
                Command.newBuilder()
                        .setDelete(DeleteCommand.newBuilder().setKey(utf8(key)))
                        .build(),
                session);
    }

    ClientRequest openSession(long nonce, long ttlMs) {
        ByteString bytes = ByteString.copyFrom(
                new BytesWriter(16).putLong(0).putLong(nonce).toBytes().toArray());
        return write(
                Command.newBuilder()
                        .setOpenSession(
                                OpenSessionCommand.newBuilder().setNonce(bytes).setTtlMs(ttlMs))
                        .build(),
                Entry.Origin.NONE);
    }

    ClientRequest get(String key, Consistency consistency) {
        return request(new ClientRequest.Range(RangeRequest.newBuilder()
                .setKey(utf8(key))
                .setConsistency(consistency)
                .build()));
    }

    ClientRequest bounded(String key, int maxStalenessMs) {
        return request(new ClientRequest.Range(RangeRequest.newBuilder()
                .setKey(utf8(key))
                .setConsistency(Consistency.BOUNDED)
                .setMaxStalenessMs(maxStalenessMs)
                .build()));
    }

    /** Counts all keys. */
    ClientRequest count(Consistency consistency) {
        return request(new ClientRequest.Range(RangeRequest.newBuilder()
                .setRangeEnd(ByteString.copyFrom(new byte[] {0}))
                .setCountOnly(true)
                .setConsistency(consistency)
                .build()));
    }

    static Reply parse(ClientReply reply) {
        try {
            return Reply.parseFrom(reply.body().toArray());
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError(damaged);
        }
    }

    static Result result(Reply reply) {
        try {
            return Result.parseFrom(reply.getResult());
        } catch (InvalidProtocolBufferException damaged) {
            throw new AssertionError(damaged);
        }
    }

    ClientRequest closeSession(long sessionId) {
        return write(
                Command.newBuilder()
                        .setCloseSession(CloseSessionCommand.newBuilder().setSessionId(sessionId))
                        .build(),
                Entry.Origin.NONE);
    }

    ClientRequest status() {
        return request(new ClientRequest.Status());
    }

    /** The same request under a deadline of its own. */
    ClientRequest by(ClientRequest request, long deadlineNanos) {
        return new ClientRequest(
                request.origin(), request.groupId(), deadlineNanos, request.body());
    }

    private ClientRequest write(Command command, Entry.Origin session) {
        return request(new ClientRequest.Write(command, Bytes.of(command.toByteArray()), session));
    }

    private ClientRequest request(ClientRequest.Body body) {
        return new ClientRequest(
                new RequestOrigin(World.UNADDRESSED, ++lastRequestId, 0, 0), 1, NO_DEADLINE, body);
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFrom(text, StandardCharsets.UTF_8);
    }
}
