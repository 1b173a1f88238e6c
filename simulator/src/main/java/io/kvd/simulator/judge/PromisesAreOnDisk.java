package io.kvd.simulator.judge;

import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Message;
import io.kvd.simulator.world.NodeProcess;

/** What a message promises is on the sender's disk before it leaves: terms, votes, entries. */
final class PromisesAreOnDisk extends Judge {
    private final Ledger ledger;

    PromisesAreOnDisk(Ledger ledger) {
        super("promises are on disk before they are made", "Raft §5.2, §5.3, Figure 2");
        this.ledger = ledger;
    }

    @Override
    public void sending(NodeProcess process, Message message) {
        Ledger.Disk disk = ledger.disk(process.host().id());
        HardState state = disk.hardState();
        // A pre-vote asks without having anything to forget; a read is asked of a leader that has.
        boolean promises = !(message instanceof Message.PreVoteRequest
                || message instanceof Message.ReadIndexRequest);
        if (promises && message.term() > state.term()) {
            throw violation("%s sends %s, and has %s on disk", process, message, state);
        }
        boolean isVote =
                message instanceof Message.VoteReply reply && reply.vote() == Message.Vote.GRANTED;
        boolean isCandidacy = message instanceof Message.VoteRequest;
        if (isVote || isCandidacy) {
            long votedFor = isVote ? message.to() : message.from();
            // In a later term nobody votes in this one any more.
            check(
                    state.term() > message.term()
                            || (state.term() == message.term() && state.votedFor() == votedFor),
                    "%s sends %s, and has %s on disk",
                    process,
                    message,
                    state);
        }
        if (message instanceof Message.AppendAccepted accepted) {
            // In the turn of its answer entries of a later term may have taken the place of these.
            check(
                    state.term() > message.term()
                            || accepted.matchIndex() <= disk.log().last(),
                    "%s acknowledges %d, and has a log to %d on disk",
                    process,
                    accepted.matchIndex(),
                    disk.log().last());
        }
        held();
    }
}
