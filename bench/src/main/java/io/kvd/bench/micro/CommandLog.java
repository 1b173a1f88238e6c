package io.kvd.bench.micro;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ReplyHeader;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetCommand;
import io.kvd.protocol.DeleteCommand;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.PutCommand;

import java.util.ArrayList;
import java.util.List;

/**
 * The log that a leader's apply thread is handed: commands of waiting clients, parsed before, each a write of one
 * session that has a batch in flight. Used by one thread at a time.
 */
final class CommandLog {
    private static final long TERM = 1;
    private static final long TTL_MS = 60_000;
    private static final int HASH_BYTES = 16;
    private static final ReplyHeader HEADER =
            new ReplyHeader(1, TERM, Bytes.of(new byte[HASH_BYTES]));

    private long lastIndex;
    /** 0 until one was opened. */
    private long sessionId;

    private long sequence;

    static Command put(ByteString key, ByteString value) {
        return Command.newBuilder()
                .setPut(PutCommand.newBuilder().setKey(key).setValue(value))
                .build();
    }

    static Command delete(ByteString key) {
        return Command.newBuilder()
                .setDelete(DeleteCommand.newBuilder().setKey(key))
                .build();
    }

    static Command compareAndSet(ByteString key, ByteString value, long expectedModRevision) {
        return Command.newBuilder()
                .setCompareAndSet(CompareAndSetCommand.newBuilder()
                        .setKey(key)
                        .setValue(value)
                        .setExpectedModRevision(expectedModRevision))
                .build();
    }

    /** Appends the open of a session, whose writes all later entries are. */
    ApplyInput.ApplyBatch openSession() {
        Command open = Command.newBuilder()
                .setOpenSession(OpenSessionCommand.newBuilder()
                        .setNonce(UnsafeByteOperations.unsafeWrap(new byte[HASH_BYTES]))
                        .setTtlMs(TTL_MS))
                .build();
        ApplyInput.ApplyBatch batch = append(List.of(open));
        // Its restore epoch is 0, so its id is the index.
        sessionId = lastIndex;
        return batch;
    }

    /** Appends commands that are applied together. */
    ApplyInput.ApplyBatch append(List<Command> commands) {
        List<Entry> entries = new ArrayList<>(commands.size());
        List<ApplyInput.WaitingWrite> waiting = new ArrayList<>(commands.size());
        for (Command command : commands) {
            EntryId id = new EntryId(TERM, ++lastIndex);
            Entry.Origin origin = origin(commands.size());
            Bytes payload = Bytes.of(command.toByteArray());
            entries.add(new Entry(id, EntryKind.COMMAND, Entry.Stamp.ZERO, origin, payload));
            RequestOrigin client = new RequestOrigin(1, lastIndex, payload.length(), 0);
            waiting.add(new ApplyInput.WaitingWrite(id, client, command));
        }
        Run run = Run.encode(TemporaryState.GROUP, entries);
        return new ApplyInput.ApplyBatch(TemporaryState.GROUP, HEADER, List.of(run), waiting);
    }

    private Entry.Origin origin(int inFlight) {
        if (sessionId == 0) {
            return Entry.Origin.NONE;
        }
        sequence++;
        return new Entry.Origin(sessionId, sequence, Math.max(1, sequence - inFlight), 0);
    }
}
