package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.Verdict.Refusal;
import io.kvd.protocol.Code;
import io.kvd.protocol.Figure;
import io.kvd.protocol.FiguresResult;
import io.kvd.protocol.PingResult;
import io.kvd.protocol.Reply;

/** The answers that the network side gives itself, as bodies of frames. */
final class LocalReplies {
    private final NodeFacts facts;
    private final int busyRetryMs;

    LocalReplies(NodeFacts facts, int busyRetryMs) {
        this.facts = facts;
        this.busyRetryMs = busyRetryMs;
    }

    Bytes pong(long requestId) {
        return encoded(header(requestId, Code.OK)
                .setPing(PingResult.newBuilder().setProgram(facts.program())));
    }

    Bytes figures(long requestId) {
        FiguresResult.Builder figures = FiguresResult.newBuilder();
        facts.figures()
                .forEach((name, value) ->
                        figures.addFigures(Figure.newBuilder().setName(name).setValue(value)));
        return encoded(header(requestId, Code.OK).setFigures(figures));
    }

    /** The budget is used up: nothing was done, try again later. */
    Bytes busy(long requestId) {
        return encoded(header(requestId, Code.BUSY)
                .setRetryable(true)
                .setRetryAfterMs(busyRetryMs)
                .setMessage("this node holds as many requests as it may; try again later"));
    }

    /** All places for clients are taken: nothing was done, try another node. */
    Bytes full(long requestId) {
        return encoded(
                header(requestId, Code.BUSY)
                        .setRetryable(true)
                        .setRetryAfterMs(busyRetryMs)
                        .setMessage(
                                "this node has as many clients as it may, all of them active, and answers others"
                                        + " status and figures only; try another node, or see limits.clients"));
    }

    Bytes refusal(long requestId, Refusal refusal) {
        return encoded(header(requestId, refusal.code())
                .setMessage(refusal.message())
                .setLimit(refusal.limit())
                .setActual(refusal.actual()));
    }

    private Reply.Builder header(long requestId, Code code) {
        return Reply.newBuilder()
                .setRequestId(requestId)
                .setCode(code)
                .setNodeId(facts.identity().nodeId())
                .setTerm(facts.term())
                .setClusterId(ProtoBytes.wrap(facts.clusterId()));
    }

    private static Bytes encoded(Reply.Builder reply) {
        return Bytes.of(reply.build().toByteArray());
    }
}
