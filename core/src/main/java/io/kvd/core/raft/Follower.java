package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.List;

/**
 * Accepts what its leader sends, votes, and campaigns when it hears of no leader for a timeout
 * (Raft §5.2, §5.3).
 */
final class Follower extends Role {
    /**
     * Who leads this term, {@link NodeId#NONE} while unknown. Another leader is another Follower.
     */
    private final long leaderId;

    private final AskedReads reads;
    /**
     * This log equals the leader's up to here. Monotonic, since a leader appends only. It begins at
     * the commit index: every later leader has what is committed (Leader Completeness, Raft §5.4).
     */
    private long verifiedIndex;
    /** The largest commit index that this leader told. Perhaps of entries that are not here yet. */
    private long toldCommitIndex;
    /** The largest minMatchIndex that this leader told. */
    private long minMatchIndex;

    Follower(RaftCore core, long leaderId) {
        super(core);
        this.leaderId = leaderId;
        this.reads = new AskedReads(core.options().maxPendingReads());
        this.verifiedIndex = core.commitIndex();
    }

    @Override
    RoleName name() {
        return RoleName.FOLLOWER;
    }

    @Override
    long leaderId() {
        return leaderId;
    }

    @Override
    LogNeeds neededFrom() {
        return LogNeeds.ofFollower(minMatchIndex);
    }

    @Override
    boolean hearsOtherLeader(long candidate) {
        // A leader that campaigns has lost its office, whoever still follows it.
        return leaderId != NodeId.NONE && leaderId != candidate && core.timer().withinMinimum();
    }

    @Override
    void tick() {
        core.outbox().refuse(reads.expire(core.ticks() - core.options().electionTicks()));
        core.timer().tick();
        // The only voter waits for nobody.
        if (core.isVoter()
                && (core.timer().expired() || core.configuration().isOnlyVoter(core.nodeId()))) {
            core.becomePreCandidate();
        }
    }

    // What is committed every later leader has too (Leader Completeness, Raft §5.4).
    @Override
    void installed() {
        verifiedIndex = Math.max(verifiedIndex, core.commitIndex());
    }

    @Override
    boolean hasOutput() {
        return reads.hasJoined();
    }

    @Override
    void fillOutbox(Outbox outbox) {
        if (reads.hasJoined()) {
            outbox.sendNow(new Message.ReadIndexRequest(
                    core.requestHeader(leaderId), reads.ask(core.ticks())));
        }
    }

    @Override
    void leave() {
        core.outbox().refuse(reads.abandon(core.ticks()));
    }

    @Override
    void onAppendEntries(Message.AppendEntries message) {
        if (leaderId == NodeId.NONE) {
            super.onAppendEntries(message);
            return;
        }
        // At most one leader a term (Election Safety, Raft §5.2).
        Check.that(leaderId == message.from(), "node %d leads too: %s", message.from(), core);
        core.timer().hold();
        minMatchIndex = Math.max(minMatchIndex, message.minMatchIndex());
        if (isConsistent(message.previous())) {
            accept(message);
        } else {
            reject(message);
        }
    }

    // The induction step of Log Matching (Raft §5.3). What is committed here need not be looked up,
    // it may even be cut: the leader has it too.
    private boolean isConsistent(EntryId previous) {
        RaftLog log = core.log();
        if (previous.index() > core.commitIndex()) {
            return log.contains(previous);
        }
        boolean isSame = previous.index() < log.logStart().index() || log.contains(previous);
        Check.that(
                isSame, "leader has %s, which is not what is committed here: %s", previous, core);
        return true;
    }

    private void accept(Message.AppendEntries message) {
        long last = message.previous().index();
        for (Run run : message.entries()) {
            boolean isNext = run.firstIndex() == last + 1 && run.lastId().term() <= core.term();
            Check.that(isNext, "AppendEntries with %s after %d: %s", run, last, core);
            last = run.lastIndex();
        }
        core.log().merge(message.entries(), core.commitIndex());
        verifiedIndex = Math.max(verifiedIndex, last);
        learnCommitIndex(message.commitIndex());
        if (core.commitIndex() >= message.commitIndex()) {
            // Only then is what this replica knows as young as the leader's round.
            core.heardOfQuorum(message.sinceQuorumTicks());
        }
        answer(new Message.AppendAccepted(
                core.answerHeader(message), verifiedIndex, message.round()));
    }

    private void reject(Message.AppendEntries message) {
        RaftLog log = core.log();
        EntryId previous = message.previous();
        // Behind this one every entry here is of a higher term than the leader's, or there is none
        // (Raft §5.3).
        long hint =
                log.lastIndexNotAbove(previous.term(), Math.min(previous.index(), log.lastIndex()));
        answer(new Message.AppendRejected(
                core.answerHeader(message),
                previous.index(),
                log.idAt(hint),
                log.lastIndex(),
                message.round()));
    }

    // Not the message's own last entry alone: whatever of this leader's was verified and told in
    // any order (Raft §5.3: min(leaderCommit, index of the last new entry)).
    private void learnCommitIndex(long told) {
        toldCommitIndex = Math.max(toldCommitIndex, told);
        core.commitTo(Math.min(toldCommitIndex, verifiedIndex));
    }

    @Override
    void onTimeoutNow(Message.TimeoutNow message) {
        if (core.isVoter()) {
            // No pre-vote: this leader asked for it (thesis §3.10).
            core.becomeCandidate(Message.CampaignReason.TRANSFER);
        }
    }

    @Override
    void requestRead(ReadId read) {
        if (leaderId == NodeId.NONE || !reads.hasRoom()) {
            super.requestRead(read);
        } else {
            reads.join(read);
        }
    }

    @Override
    void onReadIndexReply(Message.ReadIndexReply reply) {
        List<ReadId> answered = reads.answered(reply.reads());
        core.outbox().confirm(answered, reply.readIndex());
        // A confirmed read index is committed: no message of its own has to say so.
        learnCommitIndex(reply.readIndex());
    }

    @Override
    void onReadIndexRefused(Message.ReadIndexRefused refusal) {
        core.outbox().refuse(reads.answered(refusal.reads()));
    }

    @Override
    void peerLost(long nodeId) {
        if (leaderId != NodeId.NONE && nodeId == leaderId) {
            core.becomeFollower(core.term(), NodeId.NONE);
            core.timer().expireWithin(core.options().heartbeatTicks());
        }
    }
}
