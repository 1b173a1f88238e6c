package io.kvd.server.metrics;

import io.kvd.core.node.ClientReply;

import java.util.ArrayList;
import java.util.List;

/** An answer on its way out, and when its request passed which stage; requests of a batch share one instance. */
public record TimedReply(ClientReply reply, RequestTimes times) {

    /** Answers that went the same way together. */
    public static List<TimedReply> all(List<ClientReply> replies, RequestTimes times) {
        List<TimedReply> timed = new ArrayList<>(replies.size());
        for (ClientReply reply : replies) {
            timed.add(new TimedReply(reply, times));
        }
        return timed;
    }
}
