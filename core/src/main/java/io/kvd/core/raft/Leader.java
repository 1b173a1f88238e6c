package io.kvd.core.raft;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.InvariantViolation;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes entries, replicates them, and decides what is committed (Raft §5.3, §5.4). Serves reads
 * only with a proof by a quorum, round by round (thesis §6.4); gives up its office without one
 * (thesis §6.2).
 */
final class Leader extends Role {
    private final PendingReads reads;
    private final Replication replication;
    private final Resignation resignation;
    private final Outstanding uncommitted = new Outstanding();
    private final long officeTick;
    /** Log time at taking office. */
    private final long officeLogTimeMs;
    /** The first entry of this office. Committed, it commits all before it (Raft §5.4.2). */
    private final long noopIndex;

    private Transfer transfer = Transfer.NONE;

    /** A hand-over under way (thesis §3.10). */
    private record Transfer(long target, long begunTick, boolean told) {
        static final Transfer NONE = new Transfer(NodeId.NONE, 0, false);
    }

    Leader(RaftCore core) {
        super(core);
        this.reads = new PendingReads(core.options().maxPendingReads(), core.ticks());
        this.replication = new Replication(core, reads);
        this.resignation = new Resignation(core, replication);
        this.officeTick = core.ticks();
        this.officeLogTimeMs = core.log().largestLogTimeMs();
        this.noopIndex = core.log().lastIndex() + 1;
    }

    /** Appends the entry that lets this term commit (Raft §8). */
    void takeOffice() {
        append(List.of(new Proposal(EntryKind.NOOP, Entry.Origin.NONE, Bytes.EMPTY, 0)));
    }

    @Override
    RoleName name() {
        return RoleName.LEADER;
    }

    @Override
    long leaderId() {
        return core.nodeId();
    }

    @Override
    boolean hearsOtherLeader(long candidate) {
        return true;
    }

    boolean servesReads() {
        return core.commitIndex() >= noopIndex;
    }

    boolean isTransferring() {
        return transfer.target() != NodeId.NONE;
    }

    long uncommittedBytes() {
        return uncommitted.bytes();
    }

    @Override
    LogNeeds neededFrom() {
        return replication.neededFrom();
    }

    Replication peers() {
        return replication;
    }

    @Override
    void tick() {
        // Before anything else: after a pause this may be an office that ended long ago.
        if (core.ticks() - replication.quorumAnsweredTick() >= core.options().electionTicks()) {
            core.becomeFollower(core.term(), NodeId.NONE);
            return;
        }
        // Also without reads, so that the age of the last confirmed round is known.
        boolean isRoundDue = core.ticks() - reads.begunTick() >= core.options().heartbeatTicks();
        if (isRoundDue && servesReads()) {
            beginRound();
        }
        if (isTransferring()
                && core.ticks() - transfer.begunTick() >= core.options().electionTicks()) {
            transfer = Transfer.NONE; // The target did not take over: serve on (thesis §3.10).
        }
        if (servesReads() && !isTransferring()) {
            resignIfUnfit();
        }
    }

    private void resignIfUnfit() {
        long heir = resignation.heir();
        if (heir != NodeId.NONE) {
            resignation.handsOverTo(heir);
            transferLeadership(heir);
        }
    }

    /** Whether it hands over, or will at its next tick since it is unfit. */
    boolean isLeaving() {
        return isTransferring() || (servesReads() && resignation.isComing());
    }

    @Override
    void persisted() {
        advanceCommit();
    }

    @Override
    List<Account> accounts() {
        return List.of(reads.account(), uncommitted.account("uncommitted bytes"));
    }

    @Override
    boolean hasOutput() {
        return reads.hasJoined() || replication.hasOutput() || mayTellTarget();
    }

    @Override
    void fillOutbox(Outbox outbox) {
        if (reads.hasJoined()) {
            beginRound();
        }
        replication.fillOutbox(outbox);
        if (mayTellTarget()) {
            outbox.sendNow(new Message.TimeoutNow(core.requestHeader(transfer.target())));
            transfer = new Transfer(transfer.target(), transfer.begunTick(), true);
        }
    }

    @Override
    void leave() {
        for (PendingReads.Round round : reads.abandon()) {
            core.outbox().refuse(round.own());
            for (Message.ReadIndexRequest request : round.asked()) {
                refuse(request);
            }
        }
    }

    @Override
    void onAppendEntries(Message.AppendEntries message) {
        // At most one leader a term (Election Safety, Raft §5.2): PeerRules let none through.
        throw new InvariantViolation("node %d leads too: %s".formatted(message.from(), core));
    }

    @Override
    void onInstallSnapshot(Message.InstallSnapshot message) {
        // At most one leader a term (Election Safety, Raft §5.2).
        throw new InvariantViolation("node %d leads too: %s".formatted(message.from(), core));
    }

    @Override
    void onInstallSnapshotReply(Message.InstallSnapshotReply reply) {
        core.outbox().handOver(reply);
    }

    @Override
    void onAppendAccepted(Message.AppendAccepted answer) {
        replication.onAccepted(answer);
        advanceCommit();
    }

    @Override
    void onAppendRejected(Message.AppendRejected answer) {
        replication.onRejected(answer);
        confirmReads();
    }

    @Override
    void onReadIndexRequest(Message.ReadIndexRequest request) {
        if (reads.hasRoomFor(request.reads().size())) {
            reads.join(request);
        } else {
            refuse(request);
        }
    }

    @Override
    void requestRead(ReadId read) {
        if (reads.hasRoomFor(1)) {
            reads.join(read);
        } else {
            super.requestRead(read);
        }
    }

    @Override
    void entriesLoaded(LoadedEntries loaded) {
        replication.onLoaded(loaded);
    }

    @Override
    Proposed propose(List<Proposal> proposals) {
        long bytes = 0;
        for (Proposal proposal : proposals) {
            EntryKind kind = proposal.kind();
            boolean isProposable = kind == EntryKind.COMMAND || kind == EntryKind.FEATURE;
            Check.that(isProposable, "a %s is not proposed this way", kind);
            bytes += EntryFormat.encodedBytes(proposal.payload());
        }
        boolean isFull = uncommitted.bytes() > 0
                && uncommitted.bytes() + bytes > core.options().maxUncommittedBytes();
        if (isFull || isTransferring()) {
            return new Proposed.Busy();
        }
        EntryId first = new EntryId(core.term(), core.log().lastIndex() + 1);
        for (Run run : append(proposals)) {
            uncommitted.add(run.lastIndex(), run.sizeBytes());
        }
        return new Proposed.Appended(first);
    }

    @Override
    void transferLeadership(long target) {
        long chosen = target == NodeId.NONE ? replication.mostCaughtUpVoter() : target;
        if (!isTransferring() && replication.isOtherVoter(chosen)) {
            transfer = new Transfer(chosen, core.ticks(), false);
        }
    }

    private boolean mayTellTarget() {
        return isTransferring() && !transfer.told() && replication.isCaughtUp(transfer.target());
    }

    private List<Run> append(List<Proposal> proposals) {
        long logTimeMs = logTimeMs();
        List<Entry> entries = new ArrayList<>();
        for (Proposal proposal : proposals) {
            EntryId id = new EntryId(core.term(), core.log().lastIndex() + 1 + entries.size());
            Entry.Stamp stamp = new Entry.Stamp(logTimeMs, proposal.wallTimeMs());
            entries.add(
                    new Entry(id, proposal.kind(), stamp, proposal.origin(), proposal.payload()));
        }
        Run whole = Run.encode(core.groupId(), entries);
        List<Run> runs = new ArrayList<>();
        for (long from = whole.firstIndex(); from <= whole.lastIndex(); ) {
            Run run = whole.sliceWithin(from, core.options().maxAppendBytes());
            core.log().append(run);
            runs.add(run);
            from = run.lastIndex() + 1;
        }
        return runs;
    }

    long logTimeMs() {
        return officeLogTimeMs + (core.ticks() - officeTick) * core.options().tickMs();
    }

    private void advanceCommit() {
        long index = replication.quorumMatchIndex();
        // Only entries of this term are committed by counting; the earlier ones with them (Raft
        // §5.4.2, Figure 8).
        if (index >= noopIndex) {
            core.commitTo(index);
            uncommitted.releaseTo(core.commitIndex());
        }
        confirmReads();
    }

    // The no-op is above everything that was acknowledged in earlier terms, so its index is a safe
    // read index even while the commit index is not known yet (thesis §6.4).
    private void beginRound() {
        reads.begin(core.ticks(), Math.max(core.commitIndex(), noopIndex));
        replication.roundBegun();
        confirmReads();
    }

    private void confirmReads() {
        if (!servesReads()) {
            return;
        }
        long quorumRound = replication.quorumRound();
        replication.roundsConfirmed(quorumRound);
        for (PendingReads.Round round : reads.confirm(quorumRound)) {
            core.outbox().confirm(round.own(), round.readIndex());
            for (Message.ReadIndexRequest request : round.asked()) {
                answer(new Message.ReadIndexReply(
                        core.answerHeader(request), request.reads(), round.readIndex()));
                replication.wants(request.from(), round.readIndex());
            }
        }
    }
}
