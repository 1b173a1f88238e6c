package io.kvd.core.node;

import java.util.ArrayList;
import java.util.List;

/** Gathers what one turn hands out. Replies leave together, after everything else of the turn. */
final class TurnOutput {
    private final List<Work> work = new ArrayList<>();
    private final List<ClientReply> replies = new ArrayList<>();

    void work(Work item) {
        work.add(item);
    }

    void reply(ClientReply reply) {
        replies.add(reply);
    }

    List<Work> toWork() {
        if (!replies.isEmpty()) {
            work.add(new Work.Reply(replies));
        }
        return work;
    }
}
