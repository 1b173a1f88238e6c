package io.kvd.core.raft;

/** Asks for votes in a term of its own (Raft §5.2). */
final class Candidate extends Role {
    private final Message.CampaignReason reason;
    private final Votes votes;

    Candidate(RaftCore core, Message.CampaignReason reason) {
        super(core);
        this.reason = reason;
        this.votes = new Votes(core.configuration(), core.options().heartbeatTicks());
    }

    @Override
    RoleName name() {
        return RoleName.CANDIDATE;
    }

    @Override
    long leaderId() {
        return NodeId.NONE;
    }

    @Override
    boolean hearsOtherLeader(long candidate) {
        return false;
    }

    @Override
    void tick() {
        core.timer().tick();
        if (core.timer().expired()) {
            // Split or lost; the next campaign begins with a pre-vote again.
            core.becomePreCandidate();
        }
    }

    @Override
    void persisted() {
        // Its own vote is one like the others': it counts once it can't be forgotten (Raft Figure
        // 2).
        votes.count(core.nodeId(), Message.Vote.GRANTED);
        decide();
    }

    @Override
    boolean hasOutput() {
        return votes.mustAsk(core.ticks());
    }

    @Override
    void fillOutbox(Outbox outbox) {
        if (!hasOutput()) {
            return;
        }
        for (long voter : votes.ask(core.ticks())) {
            if (voter != core.nodeId()) {
                outbox.sendAfterPersist(new Message.VoteRequest(
                        core.requestHeader(voter), core.log().last(), reason));
            }
        }
    }

    @Override
    void onVoteReply(Message.VoteReply reply) {
        votes.count(reply.from(), reply.vote());
        decide();
    }

    private void decide() {
        switch (votes.result()) {
            case WON -> core.becomeLeader();
            case LOST -> core.becomeFollower(core.term(), NodeId.NONE);
            case PENDING -> {}
        }
    }
}
