package io.kvd.core.raft;

/**
 * Asks whether it would win before it raises its term, so that a node that was cut off disturbs
 * nobody when it comes back (thesis §9.6). Nothing of this role is persisted, so its own vote
 * counts at once.
 */
final class PreCandidate extends Role {
    private final Votes votes;

    PreCandidate(RaftCore core) {
        super(core);
        this.votes = new Votes(core.configuration(), core.options().heartbeatTicks());
        votes.count(core.nodeId(), Message.Vote.GRANTED);
    }

    @Override
    RoleName name() {
        return RoleName.PRE_CANDIDATE;
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
            core.becomePreCandidate();
        }
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
            outbox.sendNow(new Message.PreVoteRequest(
                    core.requestHeader(voter), core.term() + 1, core.log().last()));
        }
    }

    @Override
    void onPreVoteReply(Message.PreVoteReply reply) {
        if (reply.campaignTerm() == core.term() + 1) {
            votes.count(reply.from(), reply.vote());
            decide();
        }
    }

    /**
     * Goes on if the campaign is decided; called once at its begin, since one vote may be all there
     * are.
     */
    void decide() {
        switch (votes.result()) {
            case WON -> core.becomeCandidate(Message.CampaignReason.TIMEOUT);
            case LOST -> core.becomeFollower(core.term(), NodeId.NONE);
            case PENDING -> {}
        }
    }
}
