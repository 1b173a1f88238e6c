package io.kvd.core.node;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.Answer;
import io.kvd.core.raft.NodeId;
import io.kvd.protocol.Code;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Reply;
import io.kvd.protocol.StatusResult;

/**
 * Builds replies. The three facts of an answer (retryable, mayHaveCommitted, leaderHint) are decided here, in one
 * place, so that a definite refusal never looks like an unknown outcome, nor the other way round (docs/semantics.md).
 */
public final class Replies {
    private static final int NO_LEADER_RETRY_MS = 100;
    private static final int BUSY_RETRY_MS = 20;

    private Replies() {}

    /** A log entry's outcome: the deterministic result bytes as apply made them. */
    public static ClientReply result(ReplyHeader by, RequestOrigin to, Answer answer) {
        return done(to, header(by, to, answer.code()).setResult(wrap(answer.result())));
    }

    public static ClientReply range(ReplyHeader by, RequestOrigin to, RangeResult result) {
        return done(to, header(by, to, Code.OK).setRange(result));
    }

    public static ClientReply status(ReplyHeader by, RequestOrigin to, StatusResult result) {
        return done(to, header(by, to, Code.OK).setStatus(result));
    }

    /** Definite: nothing was proposed, and this node is not the one to ask. */
    static ClientReply notLeader(ReplyHeader by, RequestOrigin to, LeaderHint hint) {
        Reply.Builder reply = hint.nodeId() == NodeId.NONE
                ? header(by, to, Code.NO_LEADER)
                        .setMessage("no leader is known; an election may be going on")
                        .setRetryAfterMs(NO_LEADER_RETRY_MS)
                : header(by, to, Code.NOT_LEADER)
                        .setMessage("the leader is " + hint.clientAddress())
                        .setLeaderId(hint.nodeId())
                        .setLeaderHint(hint.clientAddress());
        return done(to, reply.setRetryable(true));
    }

    /** Definite: nothing was done; the same request may be answered later or elsewhere. */
    public static ClientReply retryLater(
            ReplyHeader by, RequestOrigin to, Code code, String message) {
        return done(
                to,
                header(by, to, code)
                        .setRetryable(true)
                        .setRetryAfterMs(BUSY_RETRY_MS)
                        .setMessage(message));
    }

    /** Definite: nothing was done, and asking again won't help. */
    public static ClientReply refused(ReplyHeader by, RequestOrigin to, Code code, String message) {
        return done(to, header(by, to, code).setMessage(message));
    }

    /** A write was proposed and its fate is not known here: only its session can tell (docs/semantics.md). */
    public static ClientReply unknownOutcome(ReplyHeader by, RequestOrigin to, String message) {
        return done(
                to,
                header(by, to, Code.UNKNOWN_OUTCOME)
                        .setRetryable(true)
                        .setMayHaveCommitted(true)
                        .setMessage(message));
    }

    /** A read that nobody could answer within its deadline. */
    public static ClientReply timeout(ReplyHeader by, RequestOrigin to) {
        return timeout(by, to, "the deadline passed before an answer");
    }

    static ClientReply timeout(ReplyHeader by, RequestOrigin to, String message) {
        return done(to, header(by, to, Code.TIMEOUT).setRetryable(true).setMessage(message));
    }

    private static Reply.Builder header(ReplyHeader by, RequestOrigin to, Code code) {
        return Reply.newBuilder()
                .setRequestId(to.requestId())
                .setCode(code)
                .setNodeId(by.nodeId())
                .setTerm(by.term())
                .setClusterId(wrap(by.clusterId()));
    }

    private static ClientReply done(RequestOrigin to, Reply.Builder reply) {
        return new ClientReply(to, Bytes.of(reply.build().toByteArray()));
    }

    private static ByteString wrap(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
    }
}
