package io.kvd.core.kv;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.protocol.Command;
import io.kvd.protocol.ExpiringSession;

import java.util.List;
import java.util.Optional;

/** Commands as bytes and messages: what can be said of one without the state. */
final class Commands {
    /** What stands for bytes that are no command of the group's feature level; evaluating it refuses it. */
    private static final Command UNREADABLE = Command.getDefaultInstance();

    private Commands() {}

    /** The command, its keys and values sharing the payload's array; empty if the bytes are no Command. */
    static Optional<Command> parse(Bytes payload) {
        try {
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(
                            payload.array(), payload.offset(), payload.length())
                    .newCodedInput();
            in.enableAliasing(true);
            return Optional.of(Command.parser().parseFrom(in));
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    /**
     * The command in a committed entry. Bytes that are none, or that name fields which the feature level does not
     * know, are refused by every replica alike, and must not stop one.
     */
    static Command ofEntry(Bytes payload) {
        return parse(payload).filter(command -> !hasUnknownFields(command)).orElse(UNREADABLE);
    }

    /** At any depth. By hand, since looking fields up by reflection would cost more than applying a put. */
    static boolean hasUnknownFields(Command command) {
        return hasUnknown(command)
                || switch (command.getOpCase()) {
                    case PUT -> hasUnknown(command.getPut());
                    case DELETE -> hasUnknown(command.getDelete());
                    case COMPARE_AND_SET -> hasUnknown(command.getCompareAndSet());
                    case OPEN_SESSION -> hasUnknown(command.getOpenSession());
                    case CLOSE_SESSION -> hasUnknown(command.getCloseSession());
                    case KEEP_SESSION_ALIVE -> hasUnknown(command.getKeepSessionAlive());
                    case EXPIRE_SESSIONS ->
                        hasUnknown(command.getExpireSessions())
                                || anyUnknown(command.getExpireSessions().getSessionsList());
                    case OP_NOT_SET -> false;
                };
    }

    static boolean hasUnknown(Message message) {
        return !message.getUnknownFields().isEmpty();
    }

    /** These are safe to retry by themselves, so they are never a numbered write of a session. */
    static boolean isAboutSessions(Command command) {
        return switch (command.getOpCase()) {
            case OPEN_SESSION, CLOSE_SESSION, KEEP_SESSION_ALIVE, EXPIRE_SESSIONS -> true;
            default -> false;
        };
    }

    /** The keys of the CURRENT rows that the command reads or writes. */
    static List<Bytes> rowKeys(Command command) {
        return switch (command.getOpCase()) {
            case PUT -> List.of(StateKeys.current(command.getPut().getKey()));
            case DELETE -> List.of(StateKeys.current(command.getDelete().getKey()));
            case COMPARE_AND_SET ->
                List.of(StateKeys.current(command.getCompareAndSet().getKey()));
            default -> List.of();
        };
    }

    private static boolean anyUnknown(List<ExpiringSession> sessions) {
        for (ExpiringSession session : sessions) {
            if (hasUnknown(session)) {
                return true;
            }
        }
        return false;
    }
}
