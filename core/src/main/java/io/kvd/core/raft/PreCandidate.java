package io.kvd.core.raft;

import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Asks whether it would win before it raises its term, so that a node that was cut off disturbs
 * nobody when it comes back (thesis §9.6). Nothing of this role is persisted, so its own vote
 * counts at once.
 *
 * <p>One event may bring several members forward at the same moment: their leader's connections
 * break, a partition heals. If all of them promised each other, all would stand, and the vote would
 * split. So the higher one ({@link Rank}) leaves the lower one's first question unanswered while
 * its own is on its way there, and the lower one, when it comes, waits with standing for
 * {@link RaftOptions#crossingTicks}. A question may be lost and a campaign may begin at any time, so neither
 * matters to safety, and both end by themselves.
 */
final class PreCandidate extends Role {
    private final Votes votes;
    /** Lower ones that asked while they were asked, each once; they ask again. */
    private final Set<Long> putOff = new TreeSet<>();
    /**
     * Until when it makes way for a higher one, in ticks. Set once a campaign: whoever asks again
     * and again and can't win holds up nobody for longer.
     */
    private OptionalLong makesWayUntil = OptionalLong.empty();

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
        } else {
            decide();
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
                    core.requestHeader(voter),
                    core.term() + 1,
                    core.log().last(),
                    core.candidacy().fitness().ability()));
        }
    }

    @Override
    boolean putsOff(Message.PreVoteRequest rival) {
        if (rival.rank().isAbove(Rank.of(core))) {
            if (makesWayUntil.isEmpty()) {
                makesWayUntil = OptionalLong.of(core.ticks() + core.options().crossingTicks());
            }
            return false;
        }
        return !votes.hasAnswered(rival.from()) && putOff.add(rival.from());
    }

    private boolean makesWay() {
        return makesWayUntil.isPresent() && core.ticks() < makesWayUntil.getAsLong();
    }

    @Override
    void onPreVoteReply(Message.PreVoteReply reply) {
        if (reply.campaignTerm() == core.term() + 1) {
            votes.count(reply.from(), reply.vote());
            decide();
        }
    }

    /**
     * Goes on if the campaign is decided. Called at its begin, since one vote may be all there are,
     * with each vote, and with each tick, since it may have made way until then.
     */
    void decide() {
        switch (votes.result()) {
            case WON -> {
                if (!makesWay()) {
                    core.becomeCandidate(Message.CampaignReason.TIMEOUT);
                }
            }
            case LOST -> core.becomeFollower(core.term(), NodeId.NONE);
            case PENDING -> {}
        }
    }
}
