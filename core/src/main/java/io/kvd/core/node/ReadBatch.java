package io.kvd.core.node;

import java.util.List;

/**
 * Reads that may be served from the state as it is now: one view for all of them.
 *
 * @param header for the replies
 * @param requests their bodies are {@link ClientRequest.Range}
 */
public record ReadBatch(long groupId, ReplyHeader header, List<ClientRequest> requests) {
    public ReadBatch {
        requests = List.copyOf(requests);
    }
}
