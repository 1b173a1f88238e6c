package io.kvd.core.kv;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.RangeRequest;

import java.util.Optional;

/**
 * Refuses what must not be proposed or read, before anything of it reaches the core: nothing over a limit and nothing
 * with fields that the feature level does not know ever enters the log. Immutable; any thread.
 */
public final class CommandValidator {
    private static final SessionRules RULES = SessionRules.LEVEL_1;

    private final RequestLimits limits;

    public CommandValidator(RequestLimits limits) {
        this.limits = limits;
    }

    /**
     * Parses a write and judges it.
     *
     * @param bytes the command as the client sent it: what would go into the log
     * @param origin session, sequence and lowest unanswered sequence of the request
     */
    public Verdict<Command> command(Bytes bytes, Entry.Origin origin) {
        Optional<Refusal> tooLong = longer("command", bytes.length(), limits.maxRequestBytes());
        if (tooLong.isPresent()) {
            return new Verdict.Refused<>(tooLong.get());
        }
        Optional<Command> command = Commands.parse(bytes);
        if (command.isEmpty()) {
            return new Verdict.Refused<>(invalid("the command can't be parsed"));
        }
        Command parsed = command.get();
        return refusalOf(parsed)
                .or(() -> refusalOf(parsed, origin))
                .<Verdict<Command>>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Accepted<>(parsed));
    }

    /** Judges a read. */
    public Verdict<RangeRequest> range(RangeRequest request) {
        return refusalOf(request)
                .<Verdict<RangeRequest>>map(Verdict.Refused::new)
                .orElseGet(() -> new Verdict.Accepted<>(request));
    }

    private Optional<Refusal> refusalOf(Command command) {
        if (Commands.hasUnknownFields(command)) {
            return Optional.of(tooNew("the command"));
        }
        return switch (command.getOpCase()) {
            case PUT ->
                key(command.getPut().getKey()).or(() -> value(command.getPut().getValue()));
            case DELETE -> key(command.getDelete().getKey());
            case COMPARE_AND_SET ->
                key(command.getCompareAndSet().getKey())
                        .or(() -> value(command.getCompareAndSet().getValue()));
            case OPEN_SESSION -> refusalOf(command.getOpenSession());
            case CLOSE_SESSION -> sessionId(command.getCloseSession().getSessionId());
            case KEEP_SESSION_ALIVE -> sessionId(command.getKeepSessionAlive().getSessionId());
            case EXPIRE_SESSIONS -> Optional.of(invalid("only leaders expire sessions"));
            case OP_NOT_SET -> Optional.of(invalid("the command does not say what to do"));
        };
    }

    private static Optional<Refusal> refusalOf(OpenSessionCommand command) {
        int nonceBytes = command.getNonce().size();
        if (nonceBytes != StateKeys.NONCE_BYTES) {
            return Optional.of(measured(
                    "a session's nonce has %d bytes, not %s", StateKeys.NONCE_BYTES, nonceBytes));
        }
        SessionRules.Ttl ttl = RULES.ttl();
        // Unsigned on the wire, so that a negative one is far too long.
        if (Long.compareUnsigned(command.getTtlMs(), ttl.minMs()) < 0) {
            return Optional.of(measured(
                    "a session's ttl is at least %d ms, not %s", ttl.minMs(), command.getTtlMs()));
        }
        return ttl.allows(command.getTtlMs())
                ? Optional.empty()
                : Optional.of(measured(
                        "a session's ttl is at most %d ms, not %s",
                        ttl.maxMs(), command.getTtlMs()));
    }

    private static Optional<Refusal> refusalOf(Command command, Entry.Origin origin) {
        if (origin.sessionId() == 0) {
            return origin.sequence() == 0 && origin.lowestUnanswered() == 0
                    ? Optional.empty()
                    : Optional.of(invalid("a sequence without a session"));
        }
        if (Commands.isAboutSessions(command)) {
            return Optional.of(invalid(
                    "a command about sessions is not a session's write: send it without one"));
        }
        if (!RULES.inOrder(origin)) {
            return Optional.of(invalid(
                    "a session's sequences begin at 1, and the lowest unanswered is one of them"));
        }
        return RULES.inWindow(origin)
                ? Optional.empty()
                : Optional.of(measured(
                        "a session has at most %d unanswered writes, not %s",
                        RULES.maxUnanswered(), origin.sequence() - origin.lowestUnanswered() + 1));
    }

    private Optional<Refusal> refusalOf(RangeRequest request) {
        if (Commands.hasUnknown(request)) {
            return Optional.of(tooNew("the range request"));
        }
        if (request.getConsistency() == Consistency.UNRECOGNIZED) {
            return Optional.of(tooNew("the range request's consistency"));
        }
        if (request.getKey().isEmpty() && request.getRangeEnd().isEmpty()) {
            return Optional.of(invalid("the key is empty"));
        }
        if (request.getLimit() < 0) {
            return Optional.of(measured(
                    "a range's limit is at most %d, not %s", Long.MAX_VALUE, request.getLimit()));
        }
        // Revisions are signed here: one that is not is no store's.
        if (request.getAtLeastRevision() < 0) {
            return Optional.of(measured(
                    "a revision is at most %d, not %s",
                    Long.MAX_VALUE, request.getAtLeastRevision()));
        }
        return longer("key", request.getKey().size(), limits.maxKeyBytes())
                .or(() -> longer("range end", request.getRangeEnd().size(), limits.maxKeyBytes()));
    }

    private Optional<Refusal> key(ByteString key) {
        return key.isEmpty()
                ? Optional.of(invalid("the key is empty"))
                : longer("key", key.size(), limits.maxKeyBytes());
    }

    private Optional<Refusal> value(ByteString value) {
        return longer("value", value.size(), limits.maxValueBytes());
    }

    private static Optional<Refusal> sessionId(long sessionId) {
        return sessionId == 0
                ? Optional.of(invalid("the command names no session"))
                : Optional.empty();
    }

    private static Optional<Refusal> longer(String what, long actual, long limit) {
        return actual <= limit
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Code.TOO_LARGE,
                        "the %s has %d bytes, the limit is %d".formatted(what, actual, limit),
                        limit,
                        actual));
    }

    /** What is unsigned on the wire is printed so. */
    private static Refusal measured(String sentence, long limit, long actual) {
        return new Refusal(
                Code.INVALID_ARGUMENT,
                sentence.formatted(limit, Long.toUnsignedString(actual)),
                limit,
                actual);
    }

    /** Not a mistake: the client is newer than this node, or than the group's feature level. */
    private static Refusal tooNew(String what) {
        return new Refusal(
                Code.UNSUPPORTED_VERSION,
                what + " has fields or values that this version does not know",
                0,
                0);
    }

    private static Refusal invalid(String message) {
        return new Refusal(Code.INVALID_ARGUMENT, message, 0, 0);
    }
}
