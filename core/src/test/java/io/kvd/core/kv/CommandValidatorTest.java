package io.kvd.core.kv;

import static io.kvd.core.kv.TestLog.bytes;
import static io.kvd.core.kv.TestLog.closeSession;
import static io.kvd.core.kv.TestLog.compareAndSet;
import static io.kvd.core.kv.TestLog.delete;
import static io.kvd.core.kv.TestLog.expire;
import static io.kvd.core.kv.TestLog.keepAlive;
import static io.kvd.core.kv.TestLog.openSession;
import static io.kvd.core.kv.TestLog.put;
import static io.kvd.core.kv.TestLog.write;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.RangeRequest;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** What is refused before anything is proposed or read. */
class CommandValidatorTest {
    private static final RequestLimits LIMITS = new RequestLimits(10, 100, 150);
    private static final UnknownFieldSet FROM_THE_FUTURE = UnknownFieldSet.newBuilder()
            .addField(1_000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();

    private final CommandValidator validator = new CommandValidator(LIMITS);

    @Test
    void defaultsAreThoseOfTheDataModel() {
        assertThat(RequestLimits.DEFAULTS)
                .isEqualTo(new RequestLimits(65_536, 1_572_864, 65_536 + 1_572_864 + 1_024));
    }

    @Test
    void theLargestKeyFitsWithTheLargestValue() {
        CommandValidator usual = new CommandValidator(RequestLimits.DEFAULTS);
        String key = "k".repeat(RequestLimits.DEFAULTS.maxKeyBytes());
        String value = "v".repeat(RequestLimits.DEFAULTS.maxValueBytes());
        long anyRevision = Long.MAX_VALUE;

        for (Command command : List.of(put(key, value), compareAndSet(key, value, anyRevision))) {
            Verdict<Command> verdict =
                    usual.command(Bytes.of(command.toByteArray()), write(5, 3, 2));
            assertThat(verdict).isInstanceOf(Verdict.Accepted.class);
        }
    }

    @Test
    void acceptsEveryCommandOfClientsAndHandsItBackParsed() {
        List<Command> commands = List.of(
                put("k", "v"),
                put("k", ""),
                delete("k"),
                compareAndSet("k", "v", 0),
                openSession(1, 1_000),
                closeSession(1),
                keepAlive(1));

        for (Command command : commands) {
            assertThat(command(command, Entry.Origin.NONE))
                    .isEqualTo(new Verdict.Accepted<>(command));
        }
        assertThat(command(put("k", "v"), write(5, 3, 2))).isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aKeyOrValueOverItsLimitIsNamedWithLimitAndSize() {
        String key = "k".repeat(11);
        for (Command command : List.of(put(key, "v"), delete(key), compareAndSet(key, "v", 0))) {
            assertThat(refusal(command))
                    .isEqualTo(new Refusal(
                            Code.TOO_LARGE, "the key has 11 bytes, the limit is 10", 10, 11));
        }
        String value = "v".repeat(101);
        for (Command command : List.of(put("k", value), compareAndSet("k", value, 0))) {
            assertThat(refusal(command))
                    .isEqualTo(new Refusal(
                            Code.TOO_LARGE, "the value has 101 bytes, the limit is 100", 100, 101));
        }
        assertThat(command(put("k".repeat(10), "v".repeat(100)), Entry.Origin.NONE))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aCommandOverTheLimitIsNotEvenParsed() {
        Verdict<Command> verdict = validator.command(Bytes.of(new byte[151]), Entry.Origin.NONE);

        assertThat(refusal(verdict))
                .isEqualTo(new Refusal(
                        Code.TOO_LARGE, "the command has 151 bytes, the limit is 150", 150, 151));
    }

    @Test
    void anEmptyKeyIsRefused() {
        for (Command command : List.of(put("", "v"), delete(""), compareAndSet("", "v", 0))) {
            assertThat(refusal(command).code()).isEqualTo(Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void bytesThatAreNoCommandAndACommandWithoutAnOperationAreRefused() {
        for (byte[] payload : new byte[][] {{}, {-1}, {12}, {10, 5, 1}}) {
            Refusal refusal = refusal(validator.command(Bytes.of(payload), Entry.Origin.NONE));
            assertThat(refusal.code()).isEqualTo(Code.INVALID_ARGUMENT);
        }
    }

    /** Walks the messages' own description, so that a field added later can't be forgotten. */
    @Test
    void aFieldThatThisVersionDoesNotKnowIsRefusedAtAnyDepthOfEveryCommand() {
        List<Message> withUnknown = withUnknownFieldSomewhere(Command.getDefaultInstance());

        assertThat(withUnknown).hasSizeGreaterThanOrEqualTo(9);
        for (Message command : withUnknown) {
            assertThat(refusal((Command) command).code())
                    .as("%s", command)
                    .isEqualTo(Code.UNSUPPORTED_VERSION);
            assertThat(Commands.ofEntry(Bytes.of(command.toByteArray())))
                    .isEqualTo(Command.getDefaultInstance());
        }
    }

    @Test
    void onlyLeadersExpireSessions() {
        assertThat(refusal(expire(1, List.of())).code()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void aNonceHasSixteenBytes() {
        Command command = Command.newBuilder()
                .setOpenSession(
                        OpenSessionCommand.newBuilder().setNonce(bytes("short")).setTtlMs(1_000))
                .build();

        assertThat(refusal(command))
                .isEqualTo(new Refusal(
                        Code.INVALID_ARGUMENT, "a session's nonce has 16 bytes, not 5", 16, 5));
    }

    @Test
    void aTtlHasBounds() {
        assertThat(refusal(openSession(1, 999)).message())
                .isEqualTo("a session's ttl is at least 1000 ms, not 999");
        assertThat(refusal(openSession(1, 0)).limit()).isEqualTo(1_000);
        assertThat(refusal(openSession(1, 86_400_001)).limit()).isEqualTo(86_400_000);
        assertThat(refusal(openSession(1, -1)).message())
                .isEqualTo("a session's ttl is at most 86400000 ms, not 18446744073709551615");
        assertThat(command(openSession(1, 86_400_000), Entry.Origin.NONE))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aSessionCommandNamesASession() {
        assertThat(refusal(closeSession(0)).code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(refusal(keepAlive(0)).code()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void aWritesNumbersFitItsSession() {
        List<Entry.Origin> wrong = List.of(
                write(5, 0, 0),
                write(5, 1, 2),
                write(5, -1, -1),
                write(5, 1, -1),
                write(0, 1, 0),
                write(0, 0, 1));

        for (Entry.Origin origin : wrong) {
            assertThat(refusal(command(put("k", "v"), origin)).code())
                    .as("%s", origin)
                    .isEqualTo(Code.INVALID_ARGUMENT);
        }
        assertThat(command(put("k", "v"), write(5, 1_024, 1))).isInstanceOf(Verdict.Accepted.class);
        assertThat(refusal(command(put("k", "v"), write(5, 1_025, 1))))
                .isEqualTo(new Refusal(
                        Code.INVALID_ARGUMENT,
                        "a session has at most 1024 unanswered writes, not 1025",
                        1_024,
                        1_025));
    }

    @Test
    void aCommandAboutSessionsIsNoSessionsWrite() {
        for (Command command : List.of(openSession(1, 1_000), closeSession(5), keepAlive(5))) {
            assertThat(refusal(command(command, write(5, 1))).code())
                    .isEqualTo(Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void rangesMayBeginBeforeTheFirstKeyButASingleKeyIsNotEmpty() {
        assertThat(validator.range(range("", "z").build())).isInstanceOf(Verdict.Accepted.class);
        assertThat(validator.range(range("z", "a").build())).isInstanceOf(Verdict.Accepted.class);
        assertThat(refusal(validator.range(range("", "").build())).code())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void aRangesBoundsAreKeysAndItsLimitIsANumber() {
        assertThat(refusal(validator.range(range("k".repeat(11), "").build())))
                .isEqualTo(new Refusal(
                        Code.TOO_LARGE, "the key has 11 bytes, the limit is 10", 10, 11));
        assertThat(refusal(validator.range(range("a", "k".repeat(11)).build())).code())
                .isEqualTo(Code.TOO_LARGE);
        assertThat(refusal(validator.range(range("a", "").setLimit(-1).build())).message())
                .contains("18446744073709551615");
        assertThat(validator.range(range("a", "").setLimit(Long.MAX_VALUE).build()))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aRevisionThatNoStoreCanReachIsRefusedAndNotTakenForANegativeOne() {
        assertThat(refusal(validator.range(range("a", "")
                                .setAtLeastRevision(Long.MIN_VALUE)
                                .build()))
                        .message())
                .contains("9223372036854775808");
        assertThat(validator.range(
                        range("a", "").setAtLeastRevision(Long.MAX_VALUE).build()))
                .isInstanceOf(Verdict.Accepted.class);
    }

    @Test
    void aReadThatAsksForWhatThisVersionDoesNotKnowIsRefused() {
        RangeRequest unknownConsistency = range("a", "").setConsistencyValue(99).build();
        RangeRequest unknownField =
                range("a", "").setUnknownFields(FROM_THE_FUTURE).build();

        for (RangeRequest request : List.of(unknownConsistency, unknownField)) {
            assertThat(refusal(validator.range(request)).code())
                    .isEqualTo(Code.UNSUPPORTED_VERSION);
        }
    }

    /** Messages of that type which set one field each, or none, and have an unknown field in one place. */
    private static List<Message> withUnknownFieldSomewhere(Message type) {
        List<Message> messages = new ArrayList<>();
        messages.add(type.toBuilder().setUnknownFields(FROM_THE_FUTURE).build());
        for (FieldDescriptor field : type.getDescriptorForType().getFields()) {
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            Message child = type.newBuilderForType().newBuilderForField(field).build();
            for (Message inner : withUnknownFieldSomewhere(child)) {
                Message.Builder outer = type.newBuilderForType();
                messages.add((field.isRepeated()
                                ? outer.addRepeatedField(field, inner)
                                : outer.setField(field, inner))
                        .build());
            }
        }
        return messages;
    }

    private static RangeRequest.Builder range(String key, String end) {
        return RangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
    }

    private Verdict<Command> command(Command command, Entry.Origin origin) {
        return validator.command(Bytes.of(command.toByteArray()), origin);
    }

    private Refusal refusal(Command command) {
        return refusal(command(command, Entry.Origin.NONE));
    }

    private static <T> Refusal refusal(Verdict<T> verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Refused.class);
        return ((Verdict.Refused<T>) verdict).refusal();
    }
}
