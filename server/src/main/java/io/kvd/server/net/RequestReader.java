package io.kvd.server.net;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.CommandValidator;
import io.kvd.core.kv.Verdict;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.core.node.ClientRequest;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Request;

import java.util.Optional;

/** Parses requests. Keys, values and commands are views of the frame's array, never copies. */
final class RequestReader {
    /** What a request turned out to be. */
    sealed interface Outcome {}

    /** A request for the loop. */
    record ForLoop(ClientRequest.Body body) implements Outcome {}

    /** A ping, which the net thread answers. */
    record Ping() implements Outcome {}

    /** What this node counts and measures, which the net thread tells. */
    record Figures() implements Outcome {}

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
            CodedInputStream in = ProtoBytes.wrap(body).newCodedInput();
            in.enableAliasing(true);
            Request request = Request.parser().parseFrom(in);
            in.checkLastTagWas(0);
            return Optional.of(request);
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /** Reads what is asked for, and has it judged. */
    static Outcome read(Request request, CommandValidator validator) {
        if (!request.getUnknownFields().isEmpty()) {
            return new Refused(Handshakes.refusal(
                    Code.UNSUPPORTED_VERSION,
                    "the request is of a kind, or has a field, that this node does not know"));
        }
        return switch (request.getBodyCase()) {
            case COMMAND -> command(request, validator);
            case RANGE -> range(request.getRange(), validator);
            case STATUS -> new ForLoop(new ClientRequest.Status());
            case PING -> new Ping();
            case FIGURES -> new Figures();
            case BODY_NOT_SET ->
                new Refused(Handshakes.refusal(
                        Code.INVALID_ARGUMENT, "the request does not say what to do"));
        };
    }

    private static Outcome command(Request request, CommandValidator validator) {
        Bytes bytes = ProtoBytes.view(request.getCommand());
        Entry.Origin session = new Entry.Origin(
                request.getSessionId(), request.getSequence(), request.getLowestUnanswered(), 0);
        Verdict<Command> verdict = validator.command(bytes, session);
        return verdict instanceof Verdict.Accepted<Command> accepted
                ? new ForLoop(new ClientRequest.Write(accepted.request(), bytes, session))
                : refused(verdict);
    }

    private static Outcome range(RangeRequest range, CommandValidator validator) {
        Verdict<RangeRequest> verdict = validator.range(range);
        return verdict instanceof Verdict.Accepted<RangeRequest> accepted
                ? new ForLoop(new ClientRequest.Range(accepted.request()))
                : refused(verdict);
    }

    private static <T> Refused refused(Verdict<T> verdict) {
        if (verdict instanceof Verdict.Refused<T> refused) {
            return new Refused(refused.refusal());
        }
        throw new AssertionError("unhandled " + verdict);
    }
}
