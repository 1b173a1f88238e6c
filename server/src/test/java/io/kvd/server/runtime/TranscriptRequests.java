package io.kvd.server.runtime;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Command;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;

/** The requests of a transcript's clients, numbered. */
final class TranscriptRequests {
    private static final long GROUP = 1;
    private static final long NO_DEADLINE = Long.MAX_VALUE / 2;

    private long lastId;

    ClientRequest put(String key, String value) {
        Command command = Command.newBuilder()
                .setPut(PutCommand.newBuilder()
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(ByteString.copyFromUtf8(value)))
                .build();
        return request(new ClientRequest.Write(
                command, Bytes.of(command.toByteArray()), Entry.Origin.NONE));
    }

    ClientRequest get(String key) {
        return request(new ClientRequest.Range(
                RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)).build()));
    }

    ClientRequest status() {
        return request(new ClientRequest.Status());
    }

    private ClientRequest request(ClientRequest.Body body) {
        RequestOrigin origin = new RequestOrigin(1, ++lastId, 0, 0);
        return new ClientRequest(origin, GROUP, NO_DEADLINE, body);
    }
}
