package io.kvd.core.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.core.client.Outcome.Reason;
import io.kvd.core.client.Verdict.Again;
import io.kvd.core.client.Verdict.Done;
import io.kvd.core.client.Verdict.SessionGone;
import io.kvd.core.client.Verdict.When;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Result;

/**
 * The rules of outcomes (docs/semantics.md), on one page. A reply's {@code retryable} and {@code may_have_committed}
 * are believed as they are, whatever its code.
 */
final class Judge {
    private Judge() {}

    static Verdict judge(Call call, Reply reply) {
        if (reply.getCode() == Code.OK) {
            return call.isWrite()
                    ? judgeResult(call, reply)
                    : ok(reply, Result.getDefaultInstance(), revision(reply));
        }
        if (reply.getCode() == Code.SESSION_EXPIRED && call.isWrite(WriteMode.SESSION)) {
            return new SessionGone(text(reply));
        }
        if (reply.getMayHaveCommitted() && call.isWrite()) {
            return call.isSafeToRepeat()
                    ? again(When.LATER_MAYBE_APPLIED, reply)
                    : new Done(new Outcome.Unknown<>(text(reply)));
        }
        if (reply.getRetryable() && !call.isAsk()) {
            return again(isAboutThisNodeOnly(reply.getCode()) ? When.NOW : When.LATER, reply);
        }
        if (call.maybeApplied) {
            // This attempt was refused for sure, an earlier one was not: nobody knows
            // (docs/semantics.md, Outcomes).
            return new Done(new Outcome.Unknown<>(
                    call.doubtText + "; a later attempt was refused: " + text(reply)));
        }
        return new Done(isRefusal(reply.getCode()) ? refused(reply) : unavailable(reply));
    }

    /** The state machine answered: whatever it says is the answer to every attempt of this write. */
    private static Verdict judgeResult(Call call, Reply reply) {
        Result result;
        try {
            result = Result.parseFrom(reply.getResult());
        } catch (InvalidProtocolBufferException e) {
            return new Done(
                    new Outcome.Unknown<>("the server's answer can't be read: " + e.getMessage()));
        }
        Code code = result.getCode();
        if (code == Code.OK) {
            return ok(reply, result, result.getRevision());
        }
        String text = result.getMessage().isEmpty() ? code.name() : result.getMessage();
        if (code == Code.SESSION_EXPIRED && call.isWrite(WriteMode.SESSION)) {
            return new SessionGone(text);
        }
        if (code == Code.ALREADY_ANSWERED) {
            // Some attempt was answered, and the answer is gone. We never drop an answer we wait
            // for, so this is a
            // server's mistake; but the write may well be there.
            return new Done(new Outcome.Unknown<>(text));
        }
        return new Done(new Outcome.Refused<>(code, text, reply.getLimit(), reply.getActual()));
    }

    private static Verdict ok(Reply reply, Result result, long revision) {
        Outcome.Header header = new Outcome.Header(
                bytes(reply.getClusterId()), reply.getNodeId(), reply.getTerm(), revision);
        return new Done(new Outcome.Ok<>(new Answer(reply, result), header));
    }

    private static long revision(Reply reply) {
        return switch (reply.getBodyCase()) {
            case RANGE -> reply.getRange().getRevision();
            case STATUS -> reply.getStatus().getRevision();
            default -> 0;
        };
    }

    private static Again again(When when, Reply reply) {
        return new Again(when, reason(reply.getCode()), text(reply), reply.getRetryAfterMs());
    }

    private static boolean isAboutThisNodeOnly(Code code) {
        return code == Code.NOT_LEADER || code == Code.NO_LEADER || code == Code.SHUTTING_DOWN;
    }

    /** Whether the code speaks about the call, rather than about how the cluster fares. */
    private static boolean isRefusal(Code code) {
        return switch (code) {
            case NOT_LEADER, NO_LEADER, BUSY, UNKNOWN_OUTCOME, TIMEOUT, SHUTTING_DOWN -> false;
            default -> true;
        };
    }

    private static Outcome<Answer> refused(Reply reply) {
        return new Outcome.Refused<>(
                reply.getCode(), text(reply), reply.getLimit(), reply.getActual());
    }

    private static Outcome<Answer> unavailable(Reply reply) {
        return new Outcome.Unavailable<>(reason(reply.getCode()), text(reply));
    }

    static Reason reason(Code code) {
        return switch (code) {
            case NOT_LEADER, NO_LEADER, SHUTTING_DOWN -> Reason.NO_LEADER;
            case BUSY -> Reason.BUSY;
            default -> Reason.TIMEOUT;
        };
    }

    static String text(Reply reply) {
        return reply.getMessage().isEmpty() ? reply.getCode().name() : reply.getMessage();
    }

    private static Bytes bytes(ByteString string) {
        return Bytes.of(string.toByteArray());
    }
}
