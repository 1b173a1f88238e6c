package io.kvd.core.kv;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.protocol.Code;
import io.kvd.protocol.EmptyResult;
import io.kvd.protocol.Result;

/**
 * What one entry answers: equal on every replica, bytes included.
 *
 * @param code the result's own, for the reply's envelope
 * @param result a serialised {@code io.kvd.protocol.Result}; {@link Bytes#EMPTY} for an entry that is no command
 */
public record Answer(Code code, Bytes result) {
    /** Of an entry that nobody waits for. */
    static final Answer NONE = new Answer(Code.OK, Bytes.EMPTY);

    static Answer of(Result result) {
        return new Answer(result.getCode(), Bytes.of(result.toByteArray()));
    }

    /** An answer that was kept for a retry: the same bytes. */
    static Answer ofKept(Bytes result) {
        return new Answer(parsed(result).getCode(), result);
    }

    /** What is kept of an answer whose body is too large to keep: code and revision. */
    Answer dropped() {
        Result whole = parsed(result);
        return of(Result.newBuilder()
                .setCode(whole.getCode())
                .setRevision(whole.getRevision())
                .setDropped(EmptyResult.getDefaultInstance())
                .build());
    }

    private static Result parsed(Bytes result) {
        try {
            return Result.parseFrom(UnsafeByteOperations.unsafeWrap(
                    result.array(), result.offset(), result.length()));
        } catch (InvalidProtocolBufferException e) {
            throw new DamagedException("kept result is no result: " + e.getMessage());
        }
    }
}
