package io.kvd.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.client.ClientCall.Ask;
import io.kvd.core.client.ClientCall.Question;
import io.kvd.core.client.ClientCall.Read;
import io.kvd.core.client.ClientCall.Write;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.ClientOptions.Discovery;
import io.kvd.core.client.ClientOptions.WhenUnreachable;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Consistency;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.OpenSessionResult;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Plays the driver of a machine: a test says what happens, in words as short as they get, and reads what the machine
 * did. Connections are named c1, c2, … in the order of dialling, requests r1, r2, … by connection.
 */
final class Script {
    static final long SESSION = 7;

    private final ClientCore core;
    private final List<ClientOutput> outputs = new ArrayList<>();
    private long nowNanos;

    private Script(ClientOptions options) {
        this.core = new ClientCore(options, new SplittableRandom(1));
    }

    /** A machine that knows these addresses and asks for no others. */
    static Script with(String... endpoints) {
        return new Script(new ClientOptions(
                List.of(endpoints), "test", 60_000, WhenUnreachable.KEEP_TRYING, Discovery.NONE));
    }

    static Script givingUp(String... endpoints) {
        return new Script(new ClientOptions(
                List.of(endpoints), "test", 60_000, WhenUnreachable.GIVE_UP, Discovery.NONE));
    }

    static Script learning(String... endpoints) {
        return new Script(new ClientOptions(
                List.of(endpoints),
                "test",
                60_000,
                WhenUnreachable.KEEP_TRYING,
                Discovery.MEMBERS));
    }

    ClientCore core() {
        return core;
    }

    // What users ask. The value of a put is its call id, so that requests can be told apart.

    Script put(long callId) {
        return submit(callId, new Write(command(callId), WriteMode.SESSION, 5_000));
    }

    Script putLarge(long callId, int valueBytes) {
        PutCommand put = PutCommand.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setValue(ByteString.copyFrom(new byte[valueBytes]))
                .build();
        ByteString command = Command.newBuilder().setPut(put).build().toByteString();
        return submit(callId, new Write(command, WriteMode.SESSION, 5_000));
    }

    Script putWithoutSession(long callId) {
        return submit(callId, new Write(command(callId), WriteMode.SESSIONLESS, 5_000));
    }

    Script get(long callId) {
        return get(callId, Consistency.LINEARIZABLE);
    }

    Script get(long callId, Consistency consistency) {
        RangeRequest range = RangeRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setConsistency(consistency)
                .build();
        return submit(callId, new Read(range, 5_000));
    }

    Script ping(long callId, String address) {
        return submit(callId, new Ask(address, Question.PING, 5_000));
    }

    Script submit(long callId, ClientCall call) {
        core.submit(callId, call, nowNanos);
        return take();
    }

    private static ByteString command(long callId) {
        PutCommand put = PutCommand.newBuilder()
                .setKey(ByteString.copyFromUtf8("k"))
                .setValue(ByteString.copyFromUtf8(Long.toString(callId)))
                .build();
        return Command.newBuilder().setPut(put).build().toByteString();
    }

    // What the network does.

    Script up(long connection) {
        return up(connection, HandshakeReply.newBuilder().setCode(Code.OK).setVersion(1));
    }

    Script up(long connection, HandshakeReply.Builder reply) {
        core.connectionUp(connection, reply.build(), nowNanos);
        return take();
    }

    Script accepted(long connection) {
        core.accepted(connection);
        return this;
    }

    Script notSent(long connection, long fromRequest) {
        core.notSent(connection, fromRequest);
        return this;
    }

    Script lost(long connection) {
        core.connectionLost(connection, "reset", nowNanos);
        return take();
    }

    Script reply(long connection, long requestId, Reply.Builder reply) {
        core.received(connection, reply.setRequestId(requestId).build(), nowNanos);
        return take();
    }

    /** Lets time pass, and wakes the machine whenever it wants. */
    Script pass(long ms) {
        long end = nowNanos + ms * 1_000_000;
        while (core.nanosUntilWake(nowNanos) <= end - nowNanos) {
            nowNanos += core.nanosUntilWake(nowNanos);
            core.wake(nowNanos);
            take();
        }
        nowNanos = end;
        return this;
    }

    Script passWithoutWaking(long ms) {
        nowNanos += ms * 1_000_000;
        return this;
    }

    Script close() {
        core.close(nowNanos);
        return take();
    }

    /** A machine with one connection, c1, and an open session, whose open was r1. */
    static Script withSession(String... endpoints) {
        Script script = with(endpoints).put(100).up(1).reply(1, 1, sessionOpened());
        script.reply(1, 2, applied(1));
        script.outputs.clear();
        return script;
    }

    // What servers answer.

    static Reply.Builder applied(long revision) {
        Result result =
                Result.newBuilder().setCode(Code.OK).setRevision(revision).build();
        return Reply.newBuilder().setCode(Code.OK).setResult(result.toByteString());
    }

    static Reply.Builder result(Code code) {
        return Reply.newBuilder()
                .setCode(Code.OK)
                .setResult(Result.newBuilder().setCode(code).build().toByteString());
    }

    static Reply.Builder sessionOpened() {
        return sessionOpened(SESSION);
    }

    static Reply.Builder sessionOpened(long id) {
        Result.Builder result = Result.newBuilder().setCode(Code.OK);
        result.setOpenSession(OpenSessionResult.newBuilder().setSessionId(id).setTtlMs(60_000));
        return Reply.newBuilder().setCode(Code.OK).setResult(result.build().toByteString());
    }

    static Reply.Builder read(long revision) {
        return Reply.newBuilder()
                .setCode(Code.OK)
                .setRange(RangeResult.newBuilder().setRevision(revision));
    }

    static Reply.Builder refused(Code code) {
        return Reply.newBuilder().setCode(code);
    }

    static Reply.Builder retryable(Code code) {
        return Reply.newBuilder().setCode(code).setRetryable(true);
    }

    static Reply.Builder notLeader(String hint) {
        return retryable(Code.NOT_LEADER).setLeaderHint(hint);
    }

    static Reply.Builder notLeader(long leaderId, String hint) {
        return notLeader(hint).setLeaderId(leaderId);
    }

    static Reply.Builder maybeCommitted() {
        return retryable(Code.UNKNOWN_OUTCOME).setMayHaveCommitted(true);
    }

    /** What the outcome of a call that was just completed says to people. */
    Script says(String text) {
        ClientOutput last = outputs.get(outputs.size() - 1);
        Outcome<Answer> outcome = ((ClientOutput.Complete) last).outcome();
        String message = outcome instanceof Outcome.Unavailable<Answer> unavailable
                ? unavailable.message()
                : ((Outcome.Unknown<Answer>) outcome).message();
        assertThat(message).isEqualTo(text);
        return this;
    }

    // What the machine did since the last look.

    Script shows(String... lines) {
        assertThat(describe()).containsExactly(lines);
        outputs.clear();
        return this;
    }

    Script showsNothing() {
        return shows();
    }

    /** Whether the call is not over, as far as the machine showed since the last look. */
    boolean pending(long callId) {
        return describe().stream().noneMatch(line -> line.startsWith("complete " + callId + " "));
    }

    /** Whether, since the last look, the machine did something with these words. */
    boolean sent(String words) {
        return describe().stream().anyMatch(line -> line.contains(words));
    }

    /** Whether, since the last look, the address was dialled. */
    boolean connectedTo(String address) {
        return describe().stream().anyMatch(line -> line.endsWith(" " + address));
    }

    /** Forgets what the machine did so far. */
    Script whatever() {
        outputs.clear();
        return this;
    }

    List<ClientOutput> outputs() {
        return outputs;
    }

    private Script take() {
        outputs.addAll(core.takeOutputs());
        return this;
    }

    private List<String> describe() {
        List<String> lines = new ArrayList<>();
        for (ClientOutput output : outputs) {
            lines.add(describe(output));
        }
        return lines;
    }

    static String describe(ClientOutput output) {
        if (output instanceof ClientOutput.Connect connect) {
            return "connect c" + connect.connection() + " " + connect.address();
        }
        if (output instanceof ClientOutput.Disconnect disconnect) {
            return "disconnect c" + disconnect.connection();
        }
        if (output instanceof ClientOutput.Send send) {
            Request request = send.request();
            return "send c" + send.connection() + " r" + request.getRequestId() + " "
                    + describe(request);
        }
        if (output instanceof ClientOutput.Complete complete) {
            return "complete " + complete.callId() + " " + describe(complete.outcome());
        }
        throw new AssertionError("unhandled " + output);
    }

    private static String describe(Request request) {
        String session = request.getSessionId() == 0
                ? ""
                : " s" + request.getSessionId() + "/" + request.getSequence() + " from "
                        + request.getLowestUnanswered();
        return switch (request.getBodyCase()) {
            case COMMAND -> describe(parse(request.getCommand())) + session;
            case RANGE -> "get";
            case STATUS -> "status";
            case PING -> "ping";
            case FIGURES -> "figures";
            case BODY_NOT_SET -> "nothing";
        };
    }

    private static String describe(Command command) {
        return switch (command.getOpCase()) {
            case PUT -> "put " + command.getPut().getValue().toStringUtf8();
            case OPEN_SESSION -> "open";
            case CLOSE_SESSION -> "close s" + command.getCloseSession().getSessionId();
            case KEEP_SESSION_ALIVE -> "keep s" + command.getKeepSessionAlive().getSessionId();
            default -> command.toString();
        };
    }

    static Command parse(ByteString bytes) {
        try {
            return Command.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static String describe(Outcome<Answer> outcome) {
        if (outcome instanceof Outcome.Ok<Answer> ok) {
            return "Ok at " + ok.header().revision();
        }
        if (outcome instanceof Outcome.Refused<Answer> refused) {
            return "Refused " + refused.code();
        }
        if (outcome instanceof Outcome.Unavailable<Answer> unavailable) {
            return "Unavailable " + unavailable.reason();
        }
        return outcome instanceof Outcome.Unknown<Answer> ? "Unknown" : outcome.toString();
    }
}
