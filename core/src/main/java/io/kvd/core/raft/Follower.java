package io.kvd.core.raft;

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
     * This log equals the leader's up to here, as its messages showed; what is committed here is not
     * taken for granted. Monotonic, since a leader appends only.
     */
    private long verifiedIndex;
    /** The largest commit index that this leader told. Perhaps of entries that are not here yet. */
    private long toldCommitIndex;
    /** The largest minMatchIndex that this leader told. */
    private long minMatchIndex;
    /** When this leader contradicted what is committed here: since when without a long pause, and last. */
    private long firstContradictedTick;

    private long contradictedTick;
    private String contradiction = "";

    Follower(RaftCore core, long leaderId) {
        super(core);
        this.leaderId = leaderId;
        this.reads = new AskedReads(core.options().maxPendingReads());
        this.firstContradictedTick = core.ticks();
        this.contradictedTick = core.ticks() - core.options().electionTicks();
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
        if (core.isVoter() && (isTimeUp() || core.configuration().isOnlyVoter(core.nodeId()))) {
            core.becomePreCandidate();
        }
    }

    // Who could not do a leader's work lets the others come forward first, and then does all the
    // same: no office is worse than a poor one.
    private boolean isTimeUp() {
        return core.candidacy().fitness().isUnfit()
                ? core.timer().expiredForAll()
                : core.timer().expired();
    }

    @Override
    List<Account> accounts() {
        return List.of(reads.account());
    }

    @Override
    boolean hasOutput() {
        return reads.hasJoined();
    }

    @Override
    void fillOutbox(Outbox outbox) {
        if (reads.hasJoined()) {
            outbox.sendNow(new Message.ReadIndexRequest(
                    core.requestHeader(leaderId),
                    reads.ask(core.ticks(), core.freshness().moment())));
        }
    }

    @Override
    void leave() {
        core.outbox().refuse(reads.abandon());
    }

    @Override
    void onAppendEntries(Message.AppendEntries message) {
        if (leaderId == NodeId.NONE) {
            super.onAppendEntries(message);
            return;
        }
        core.timer().hold();
        minMatchIndex = Math.max(minMatchIndex, message.minMatchIndex());
        long difference = core.log()
                .firstDifference(message.previous(), message.entries(), core.commitIndex());
        if (difference != 0) {
            contradicted(message, difference);
            reject(message);
            return;
        }
        core.freshness().confirmed(message.echo(), message.commitIndex());
        if (isConsistent(message.previous())) {
            accept(message);
        } else {
            reject(message);
        }
    }

    @Override
    void onInstallSnapshot(Message.InstallSnapshot message) {
        if (leaderId == NodeId.NONE) {
            super.onInstallSnapshot(message);
            return;
        }
        core.timer().hold();
        core.outbox().handOver(message);
    }

    /** Whether its leader, which only appends, sends other entries than it did before. */
    boolean takesBack(Message.AppendEntries message) {
        long verified = Math.min(verifiedIndex, core.log().lastIndex());
        RaftLog log = core.log();
        return verified > core.commitIndex()
                && log.firstDifference(message.previous(), message.entries(), verified) != 0
                && log.firstDifference(message.previous(), message.entries(), core.commitIndex())
                        == 0;
    }

    /**
     * What this leader goes on to say, for an election timeout after it was told, against what is
     * committed here; empty if nothing. A leader has what is committed (Leader Completeness, Raft
     * §5.4), so a member forgot what it promised; a single message proves nothing.
     */
    String contradiction() {
        return contradictedTick - firstContradictedTick >= core.options().electionTicks()
                ? contradiction
                : "";
    }

    private void contradicted(Message.AppendEntries message, long index) {
        if (core.ticks() - contradictedTick >= core.options().electionTicks()) {
            firstContradictedTick = core.ticks(); // The first one, or long after another.
        }
        contradictedTick = core.ticks();
        contradiction =
                "node %d, which leads term %d, has another entry at index %d than is committed here, up to %d"
                        .formatted(message.from(), message.term(), index, core.commitIndex());
    }

    // The induction step of Log Matching (Raft §5.3). What was cut away here is committed: the
    // leader has it too.
    private boolean isConsistent(EntryId previous) {
        RaftLog log = core.log();
        return previous.index() < log.logStart().index() || log.contains(previous);
    }

    private void accept(Message.AppendEntries message) {
        int runs = message.entries().size();
        long last = runs == 0
                ? message.previous().index()
                : message.entries().get(runs - 1).lastIndex();
        core.log().merge(message.entries(), core.commitIndex());
        // Nothing can be compared before the log's start: only what both sides call committed is
        // equal there (State Machine Safety, Raft §5.4.3).
        long cut = Math.min(core.log().logStart().index(), message.commitIndex());
        verifiedIndex = Math.max(verifiedIndex, Math.max(last, cut));
        learnCommitIndex(message.commitIndex());
        answer(new Message.AppendAccepted(
                core.answerHeader(message),
                verifiedIndex,
                message.round(),
                core.freshness().moment(),
                core.candidacy().fitness()));
    }

    private void reject(Message.AppendEntries message) {
        RaftLog log = core.log();
        EntryId previous = message.previous();
        // Behind this one every entry here is of a higher term than the leader's, or there is none
        // (Raft §5.3).
        long hint = Math.max(
                log.logStart().index(),
                log.lastIndexNotAbove(
                        previous.term(),
                        Math.min(
                                Math.max(previous.index(), log.logStart().index()),
                                log.lastIndex())));
        answer(new Message.AppendRejected(
                core.answerHeader(message),
                previous.index(),
                log.idAt(hint),
                log.lastIndex(),
                message.round(),
                core.freshness().moment()));
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
        AskedReads.Asked answered = reads.answered(reply.reads());
        core.outbox().confirm(answered.reads(), reply.readIndex());
        core.freshness().confirmed(answered.moment(), reply.readIndex());
        // A confirmed read index is committed: no message of its own has to say so.
        learnCommitIndex(reply.readIndex());
    }

    @Override
    void onReadIndexRefused(Message.ReadIndexRefused refusal) {
        core.outbox().refuse(reads.answered(refusal.reads()).reads());
    }

    @Override
    void peerLost(long nodeId) {
        if (leaderId != NodeId.NONE && nodeId == leaderId) {
            core.becomeFollower(core.term(), NodeId.NONE);
            core.timer().expireWithin(core.options().heartbeatTicks());
        }
    }
}
