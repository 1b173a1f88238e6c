package io.kvd.core.client;

import io.kvd.core.client.ClientCall.Ask;
import io.kvd.core.client.ClientCall.Question;
import io.kvd.core.client.ClientCall.Read;
import io.kvd.core.client.ClientCall.Write;
import io.kvd.protocol.FiguresRequest;
import io.kvd.protocol.PingRequest;
import io.kvd.protocol.Request;
import io.kvd.protocol.StatusRequest;

/** Builds what goes over the wire for one attempt of a call. */
final class Requests {
    /** What the frame's other fields add to a command: above any sum of them. */
    private static final int OVERHEAD_BYTES = 128;

    private Requests() {}

    /** An upper bound of the size of the request's frame body. */
    static int maxBytes(Call call) {
        return call.what instanceof Write write ? write.command().size() + OVERHEAD_BYTES : 0;
    }

    /** The request of a call that has its request id and, if it needs one, its sequence. */
    static Request request(Call call, long nowNanos) {
        // The server gets less time than is left, so that its word on what it did not do arrives
        // before we give up.
        long leftMs = Math.max(1, (call.deadlineNanos - nowNanos) / 1_000_000);
        Request.Builder request = Request.newBuilder()
                .setRequestId(call.requestId)
                .setTimeoutMs((int) Math.min(Integer.MAX_VALUE, leftMs - leftMs / 16));
        if (call.what instanceof Write write) {
            request.setCommand(write.command());
            Session session = call.session;
            if (session != null) {
                request.setSessionId(session.id())
                        .setSequence(call.sequence)
                        .setLowestUnanswered(session.lowestUnanswered());
            }
        } else if (call.what instanceof Read read) {
            request.setRange(read.range());
        } else if (call.what instanceof Ask ask && ask.question() == Question.STATUS) {
            request.setStatus(StatusRequest.getDefaultInstance());
        } else if (call.what instanceof Ask ask && ask.question() == Question.PING) {
            request.setPing(PingRequest.getDefaultInstance());
        } else if (call.what instanceof Ask ask && ask.question() == Question.FIGURES) {
            request.setFigures(FiguresRequest.getDefaultInstance());
        } else {
            throw new AssertionError("unhandled " + call.what);
        }
        return request.build();
    }
}
