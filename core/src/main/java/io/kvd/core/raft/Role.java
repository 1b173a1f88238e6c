package io.kvd.core.raft;

import java.util.List;

/**
 * How a replica behaves in one role: a method per kind of message, of its own term only (Raft
 * §5.1), and per event. What is written here is what a role does that has no rule of its own for
 * it. A role ends with its object; only {@link RaftCore} replaces it.
 */
abstract sealed class Role permits Follower, PreCandidate, Candidate, Leader {
    final RaftCore core;

    Role(RaftCore core) {
        this.core = core;
    }

    abstract RoleName name();

    /** Who leads this term, as far as this role knows. */
    abstract long leaderId();

    /**
     * Whether a leader other than the candidate is known to be alive: then nobody else is elected
     * (thesis §4.2.3).
     */
    abstract boolean hearsOtherLeader(long candidate);

    abstract void tick();

    /** From where on the members need the log, as far as this role knows. */
    LogNeeds neededFrom() {
        return LogNeeds.ofFollower(0);
    }

    /** The last Ready was carried out: everything is on disk. */
    void persisted() {}

    /** Whether {@link #fillOutbox} would put out anything. */
    abstract boolean hasOutput();

    /**
     * Makes the messages that follow from the state as it is when the Ready is taken; so what was
     * overtaken within a turn is never sent, and what happened many times is sent once.
     */
    abstract void fillOutbox(Outbox outbox);

    /** Its bounds' bookkeeping. */
    List<Account> accounts() {
        return List.of();
    }

    /** The role is given up: whoever waits for it is told. Called before the term changes. */
    void leave() {}

    /**
     * What answers may depend on is persisted before they leave (Raft Figure 2, "before
     * responding").
     */
    final void answer(Message answer) {
        core.outbox().sendAfterPersist(answer);
    }

    final void refuse(Message.ReadIndexRequest request) {
        answer(new Message.ReadIndexRefused(core.answerHeader(request), request.reads()));
    }

    /** A message of the current term. */
    final void receive(Message message) {
        if (message instanceof Message.AppendEntries m) {
            onAppendEntries(m);
        } else if (message instanceof Message.AppendAccepted m) {
            onAppendAccepted(m);
        } else if (message instanceof Message.AppendRejected m) {
            onAppendRejected(m);
        } else if (message instanceof Message.PreVoteRequest m) {
            onPreVoteRequest(m);
        } else if (message instanceof Message.PreVoteReply m) {
            onPreVoteReply(m);
        } else if (message instanceof Message.VoteRequest m) {
            onVoteRequest(m);
        } else if (message instanceof Message.VoteReply m) {
            onVoteReply(m);
        } else if (message instanceof Message.TimeoutNow m) {
            onTimeoutNow(m);
        } else if (message instanceof Message.ReadIndexRequest m) {
            onReadIndexRequest(m);
        } else if (message instanceof Message.ReadIndexReply m) {
            onReadIndexReply(m);
        } else if (message instanceof Message.ReadIndexRefused m) {
            onReadIndexRefused(m);
        } else if (message instanceof Message.InstallSnapshot m) {
            onInstallSnapshot(m);
        } else if (message instanceof Message.InstallSnapshotReply m) {
            onInstallSnapshotReply(m);
        } else {
            throw new AssertionError("unhandled " + message);
        }
    }

    /**
     * A message of an earlier term: answers with the own term, which the sender adopts, and changes
     * nothing (Raft §5.1). A piece of a snapshot gets no answer of its own: the heartbeats beside it do.
     */
    final void answerStale(Message message) {
        if (message instanceof Message.AppendEntries m) {
            // About no entry and no round: in this term its sender may lead again, with other ones
            // (thesis §6.4).
            answer(new Message.AppendRejected(
                    core.answerHeader(m), 0, EntryId.NONE, core.log().lastIndex(), 0, Moment.NONE));
        } else if (message instanceof Message.PreVoteRequest m) {
            answer(new Message.PreVoteReply(
                    core.answerHeader(m), m.campaignTerm(), Message.Vote.REFUSED));
        } else if (message instanceof Message.VoteRequest m) {
            answer(new Message.VoteReply(core.answerHeader(m), Message.Vote.REFUSED));
        } else if (message instanceof Message.ReadIndexRequest m) {
            refuse(m);
        }
    }

    /** A candidate of the same term lost to the sender (Raft §5.2). */
    void onAppendEntries(Message.AppendEntries message) {
        core.becomeFollower(core.term(), message.from()).receive(message);
    }

    /** A candidate of the same term lost to the sender (Raft §5.2). */
    void onInstallSnapshot(Message.InstallSnapshot message) {
        core.becomeFollower(core.term(), message.from()).receive(message);
    }

    void onInstallSnapshotReply(Message.InstallSnapshotReply reply) {}

    void onAppendAccepted(Message.AppendAccepted message) {}

    void onAppendRejected(Message.AppendRejected message) {}

    /**
     * Grants or refuses without any effect here: not the term, the vote, nor the timer (thesis
     * §9.6).
     */
    final void onPreVoteRequest(Message.PreVoteRequest request) {
        boolean granted = request.campaignTerm() > core.term()
                && isUpToDate(request.last())
                && !hearsOtherLeader(request.from());
        if (granted && putsOff(request)) {
            return;
        }
        answer(new Message.PreVoteReply(
                core.answerHeader(request),
                request.campaignTerm(),
                granted ? Message.Vote.GRANTED : Message.Vote.REFUSED));
    }

    /**
     * Whether one whom this replica would vote for is left without an answer for now: it will ask
     * again.
     */
    boolean putsOff(Message.PreVoteRequest rival) {
        return false;
    }

    void onPreVoteReply(Message.PreVoteReply reply) {}

    /**
     * One vote a term, to the first that asks with a log that is up to date (Raft §5.2, §5.4.1); to
     * the same one again as often as it asks, since the reply may have been lost.
     */
    final void onVoteRequest(Message.VoteRequest request) {
        boolean isFree = core.votedFor() == NodeId.NONE && leaderId() == NodeId.NONE;
        boolean granted =
                (isFree || core.votedFor() == request.from()) && isUpToDate(request.last());
        if (granted) {
            core.termAndVote().voteFor(request.from());
        }
        if (granted && leaderId() == NodeId.NONE) {
            core.timer().hold();
        } else if (standsAgainst(request)) {
            core.timer().expireBy(core.options().crossingTicks());
        }
        answer(new Message.VoteReply(
                core.answerHeader(request), granted ? Message.Vote.GRANTED : Message.Vote.REFUSED));
    }

    // Two stood in one term, and each knows. Unless one of them has won by then, the higher one
    // campaigns again when all votes must have come, the other one after a timeout: the next vote
    // is not split between them (Raft §5.2; thesis §3.4).
    private boolean standsAgainst(Message.VoteRequest rival) {
        Fitness.Ability untold = Fitness.Ability.UNKNOWN;
        Rank ownClaim = new Rank(untold, core.lastId(), core.nodeId());
        Rank theirClaim = new Rank(untold, rival.last(), rival.from());
        return core.votedFor() == core.nodeId()
                && leaderId() == NodeId.NONE
                && name() != RoleName.PRE_CANDIDATE
                && ownClaim.isAbove(theirClaim);
    }

    void onVoteReply(Message.VoteReply reply) {}

    void onTimeoutNow(Message.TimeoutNow message) {}

    void onReadIndexRequest(Message.ReadIndexRequest request) {
        refuse(request);
    }

    void onReadIndexReply(Message.ReadIndexReply reply) {}

    void onReadIndexRefused(Message.ReadIndexRefused refusal) {}

    Proposed propose(List<Proposal> proposals) {
        return new Proposed.NotLeader(leaderId());
    }

    void requestRead(ReadId read) {
        core.outbox().refuse(List.of(read));
    }

    void transferLeadership(long target) {}

    void peerLost(long nodeId) {}

    void entriesLoaded(LoadedEntries loaded) {}

    // Later term wins; of one term the longer log (Raft §5.4.1).
    private boolean isUpToDate(EntryId candidateLast) {
        return candidateLast.compareTo(core.log().last()) >= 0;
    }
}
