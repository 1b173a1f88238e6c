package io.kvd.server.net;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Request;
import io.kvd.server.net.RequestCheck.Refusal;

import java.util.Optional;

/** Parses requests. Keys, values and commands are views of the frame's array, never copies. */
final class RequestReader {
    /** What a request turned out to be. */
    sealed interface Outcome {}

    /** A request for the loop. */
    record ForLoop(ClientRequest.Body body) implements Outcome {}

    /** A ping, which the net thread answers. */
    record Ping() implements Outcome {}

    /** A definite no. */
    record Refused(Refusal refusal) implements Outcome {}

    private RequestReader() {}

    /**
     * Reads the envelope.
     *
     * @return empty if the bytes are not a Request
     */
    static Optional<Request> envelope(Bytes body) {
        try {
            return Optional.of(parse(Request.parser(), ProtoBytes.wrap(body)));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** Reads what is asked for, and lets {@code check} judge it. */
    static Outcome read(Request request, RequestCheck check) {
        Outcome outcome = parse(request);
        if (outcome instanceof ForLoop forLoop) {
            Optional<Refusal> refusal = check.refuse(forLoop.body());
            return refusal.isPresent() ? new Refused(refusal.get()) : outcome;
        }
        return outcome;
    }

    private static Outcome parse(Request request) {
        return switch (request.getBodyCase()) {
            case COMMAND -> command(request);
            case RANGE -> new ForLoop(new ClientRequest.Range(request.getRange()));
            case STATUS -> new ForLoop(new ClientRequest.Status());
            case PING -> new Ping();
            case BODY_NOT_SET ->
                refused(
                        Code.UNSUPPORTED_VERSION,
                        "this node does not know this kind of request, or it has no body");
        };
    }

    private static Outcome command(Request request) {
        long sessionId = request.getSessionId();
        long sequence = request.getSequence();
        long lowest = request.getLowestUnanswered();
        if (sessionId == 0 && (sequence != 0 || lowest != 0)) {
            return refused(Code.INVALID_ARGUMENT, "a sequence without a session");
        }
        // What an entry can hold; a delta beyond it would mean two billion unanswered writes.
        if (sessionId != 0
                && (lowest < 1 || sequence < lowest || sequence - lowest > Integer.MAX_VALUE)) {
            return refused(
                    Code.INVALID_ARGUMENT,
                    "sequence %s with lowest_unanswered %s: both begin at 1, and the second is not above the first"
                            .formatted(
                                    Long.toUnsignedString(sequence),
                                    Long.toUnsignedString(lowest)));
        }
        Entry.Origin session = sessionId == 0
                ? Entry.Origin.NONE
                : new Entry.Origin(sessionId, sequence, lowest, 0);
        try {
            Command command = parse(Command.parser(), request.getCommand());
            return new ForLoop(new ClientRequest.Write(
                    command, ProtoBytes.view(request.getCommand()), session));
        } catch (InvalidProtocolBufferException e) {
            return refused(Code.INVALID_ARGUMENT, "the command can't be parsed");
        }
    }

    private static Refused refused(Code code, String message) {
        return new Refused(Refusal.of(code, message));
    }

    private static <T> T parse(Parser<T> parser, ByteString bytes)
            throws InvalidProtocolBufferException {
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        T message = parser.parseFrom(in);
        in.checkLastTagWas(0);
        return message;
    }
}
