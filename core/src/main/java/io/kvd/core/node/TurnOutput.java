package io.kvd.core.node;

import io.kvd.core.codec.Transfer;

import java.util.ArrayList;
import java.util.List;

/** Gathers what one turn hands out. Replies leave together, after everything else of the turn. */
final class TurnOutput {
    private final List<Work> work = new ArrayList<>();
    private final List<ClientReply> replies = new ArrayList<>();
    private final List<Transfer> transfers = new ArrayList<>(0);

    void work(Work item) {
        work.add(item);
    }

    void reply(ClientReply reply) {
        replies.add(reply);
    }

    /** Leaves at the end of the turn: nothing that is persisted depends on it. */
    void send(Transfer transfer) {
        transfers.add(transfer);
    }

    List<Transfer> transfers() {
        return transfers;
    }

    List<Work> toWork() {
        if (!replies.isEmpty()) {
            work.add(new Work.Reply(replies));
        }
        return work;
    }
}
