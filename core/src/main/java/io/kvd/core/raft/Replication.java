package io.kvd.core.raft;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * A leader's side of AppendEntries: what each peer has, what it is sent next, and what a quorum has
 * (Raft §5.3). Owned by {@link Leader}; decides nothing about terms, commit or reads.
 *
 * <p>There is no message of its own for a commit: followers learn of it with the next entries or
 * heartbeat, and one that waits for a read index with that.
 */
final class Replication implements SnapshotPeers {
    /**
     * Election timeouts of silence after which nothing more is kept for a member that is being
     * brought up: it may be dead. Enough for it to be restarted.
     */
    private static final int CATCH_UP_PATIENCE = 10;

    /** What a peer is to be sent next. */
    private enum Duty {
        NOTHING,
        PROBE,
        AGAIN,
        APPEND,
        LOAD,
        HEARTBEAT
    }

    private final RaftCore core;
    private final RaftLog log;
    private final PendingReads reads;
    private final List<Peer> peers = new ArrayList<>();
    private final Recipients recipients;
    private final boolean countsItself;
    private final Echo ownEcho = new Echo();

    Replication(RaftCore core, PendingReads reads) {
        this.core = core;
        this.log = core.log();
        this.reads = reads;
        this.countsItself = core.isVoter();
        for (Member member : core.configuration().members()) {
            if (member.nodeId() != core.nodeId()) {
                peers.add(new Peer(member, log.lastIndex(), core.ticks()));
            }
        }
        this.recipients = new Recipients(core, reads, peers);
    }

    void onAccepted(Message.AppendAccepted answer) {
        Peer peer = answeredBy(answer, answer.round());
        peer.echo().said(answer.moment());
        peer.progress(peer.progress().accepted(answer.matchIndex()));
        peer.catchUp(peer.catchUp()
                .cameTo(
                        peer.matchIndex(),
                        log.lastIndex(),
                        core.ticks(),
                        core.options().electionTicks()));
        peer.fitness(answer.fitness());
    }

    void onRejected(Message.AppendRejected answer) {
        Peer peer = answeredBy(answer, answer.round());
        peer.echo().said(answer.moment());
        peer.progress(peer.progress().rejected(answer.rejectedIndex(), agreeingIndex(answer)));
    }

    private Peer answeredBy(Message answer, long round) {
        Peer peer = peer(answer.from());
        if (isSilent(peer)) {
            peer.catchUp(CatchUp.NONE); // What it needed may be cut by now.
        }
        recipients.answered(peer);
        peer.answered(core.ticks(), round);
        return peer;
    }

    private boolean isSilent(Peer peer) {
        return core.ticks() - peer.answeredTick()
                >= (long) CATCH_UP_PATIENCE * core.options().electionTicks();
    }

    // Where the logs can agree at the latest: the hint skips the follower's terms that this log
    // lacks, this search skips ours that it lacks, so a whole term goes with each answer (Raft
    // §5.3).
    private long agreeingIndex(Message.AppendRejected answer) {
        long index = Math.min(answer.hint().index(), answer.rejectedIndex() - 1);
        boolean isInLog = index >= log.logStart().index() && index <= log.lastIndex();
        return isInLog ? log.lastIndexNotAbove(answer.hint().term(), index) : index;
    }

    void onLoaded(LoadedEntries loaded) {
        peer(loaded.request().forNode()).loading().accept(loaded, log);
    }

    /** A read at the peer waits for the index. */
    void wants(long nodeId, long index) {
        peer(nodeId).wants(index);
    }

    boolean hasOutput() {
        recipients.choose();
        for (Peer peer : peers) {
            if (duty(peer) != Duty.NOTHING) {
                return true;
            }
        }
        return false;
    }

    void fillOutbox(Outbox outbox) {
        recipients.choose();
        for (Peer peer : peers) {
            for (Duty duty = duty(peer); duty != Duty.NOTHING; duty = duty(peer)) {
                perform(duty, peer, outbox);
            }
        }
        recipients.takeTurn();
    }

    private Duty duty(Peer peer) {
        if (peer.progress() instanceof Probing probing && !probing.paused()) {
            return Duty.PROBE;
        }
        if (peer.progress() instanceof Replicating replicating
                && replicating.nextIndex() <= log.lastIndex()
                && recipients.include(peer)
                && replicating.hasRoom(core.options())) {
            if (isAtHand(peer)) {
                return Duty.APPEND;
            }
            if (replicating.nextIndex() <= log.logStart().index()) {
                return Duty.PROBE;
            }
            if (!peer.loading().isOutstanding()) {
                return Duty.LOAD;
            }
        }
        if (recipients.isReminderDue(peer)) {
            long first = peer.matchIndex() + 1;
            boolean lacksEntries = peer.progress() instanceof Replicating
                    && first < peer.progress().nextIndex()
                    && log.holds(first);
            return lacksEntries ? Duty.AGAIN : Duty.HEARTBEAT;
        }
        boolean isAsked = peer.sentRound() < reads.urgentRound() && recipients.include(peer);
        return isAsked || recipients.isHeartbeatDue(peer) ? Duty.HEARTBEAT : Duty.NOTHING;
    }

    private void perform(Duty duty, Peer peer, Outbox outbox) {
        switch (duty) {
            case PROBE -> probe(peer, outbox);
            case AGAIN -> sendAgain(peer, outbox);
            case APPEND -> append(peer, outbox);
            case LOAD -> load(peer, outbox);
            case HEARTBEAT -> send(peer, List.of(), outbox);
            case NOTHING -> throw new AssertionError("nothing to perform");
        }
    }

    // Optimistic: if the guess is right, what the peer lacks has already come along. A repeated
    // probe is a heartbeat, without entries, since it may go to a dead node for hours.
    private void probe(Peer peer, Outbox outbox) {
        Progress progress = peer.progress();
        boolean sendsEntries = log.holds(progress.nextIndex());
        List<Run> entries = sendsEntries ? entriesFrom(progress.nextIndex()) : List.of();
        send(peer, entries, outbox);
        peer.progress(new Probing(progress.matchIndex(), progress.nextIndex(), true));
    }

    // From the match on, all that it did not answer: either that or its answer was lost. Nothing
    // follows from it: what was sent ahead is still on its way for all that is known.
    private void sendAgain(Peer peer, Outbox outbox) {
        send(peer, peer.matchIndex(), entriesFrom(peer.matchIndex() + 1), outbox);
    }

    private void append(Peer peer, Outbox outbox) {
        Replicating replicating = (Replicating) peer.progress();
        long next = replicating.nextIndex();
        List<Run> entries = peer.loading().holds(next) ? peer.loading().take() : entriesFrom(next);
        send(peer, entries, outbox);
        long lastIndex = entries.get(entries.size() - 1).lastIndex();
        peer.progress(replicating.sent(new Replicating.Inflight(lastIndex, sizeBytes(entries))));
    }

    private void load(Peer peer, Outbox outbox) {
        LoadRequest request = new LoadRequest(
                peer.progress().nextIndex(),
                log.firstHeldIndex(),
                core.options().maxAppendBytes(),
                peer.nodeId());
        peer.loading().ask(request);
        outbox.load(request);
    }

    /** Every AppendEntries checks that the logs agree before it, a heartbeat too (Raft §5.3). */
    private void send(Peer peer, List<Run> entries, Outbox outbox) {
        // Nothing is known below the log's start; a peer that needs it rejects until a snapshot
        // brings it further.
        long previousIndex =
                Math.max(peer.progress().nextIndex() - 1, log.logStart().index());
        send(peer, previousIndex, entries, outbox);
    }

    private void send(Peer peer, long previousIndex, List<Run> entries, Outbox outbox) {
        outbox.sendNow(new Message.AppendEntries(
                core.requestHeader(peer.nodeId()),
                log.idAt(previousIndex),
                entries,
                core.commitIndex(),
                minMatchIndex(),
                reads.round(),
                peer.echo().confirmed()));
        peer.sent(
                core.ticks(),
                reads.round(),
                entries.isEmpty()
                        ? previousIndex
                        : entries.get(entries.size() - 1).lastIndex());
    }

    /**
     * What the peer can have of this leader's log at most: what it was sent, and what is committed,
     * which a snapshot may have brought.
     */
    long sentIndex(long nodeId) {
        return Math.max(peer(nodeId).sentIndex(), core.commitIndex());
    }

    /** The newest round that the peer was asked. */
    long sentRound(long nodeId) {
        return peer(nodeId).sentRound();
    }

    private List<Run> entriesFrom(long index) {
        return log.entries(index, log.lastIndex() + 1, core.options().maxAppendBytes());
    }

    private boolean isAtHand(Peer peer) {
        long next = peer.progress().nextIndex();
        return log.holds(next)
                || (peer.loading().holds(next) && next > log.logStart().index());
    }

    /**
     * The largest index that a quorum has persisted; its own log counts as far as it is on its own
     * disk.
     */
    long quorumMatchIndex() {
        return quorum(Peer::matchIndex, log.persistedIndex());
    }

    /** Called before a message of the round leaves. */
    void roundBegun() {
        ownEcho.said(core.freshness().moment());
        ownEcho.roundBegun(reads.round());
        peers.forEach(peer -> peer.echo().roundBegun(reads.round()));
    }

    /**
     * A quorum answered all rounds up to this one, and an entry of this office is committed: the
     * commit index is at or above the read index of each of them.
     */
    void roundsConfirmed(long round) {
        ownEcho.roundsConfirmed(round);
        core.freshness().confirmed(ownEcho.confirmed(), core.commitIndex());
        peers.forEach(peer -> peer.echo().roundsConfirmed(round));
    }

    /** The newest round that a quorum answered. */
    long quorumRound() {
        return quorum(Peer::ackedRound, reads.round());
    }

    /** Since when a quorum has been heard, in ticks. */
    long quorumAnsweredTick() {
        return quorum(Peer::answeredTick, core.ticks());
    }

    private long quorum(ToLongFunction<Peer> acked, long own) {
        int voters = countsItself ? 1 : 0;
        for (Peer peer : peers) {
            voters += peer.isVoter() ? 1 : 0;
        }
        long[] values = new long[voters];
        for (Peer peer : peers) {
            if (peer.isVoter()) {
                values[--voters] = acked.applyAsLong(peer);
            }
        }
        if (countsItself) {
            values[--voters] = own;
        }
        return Quorum.commitIndex(values);
    }

    /** From where on the members need the log (P4). */
    LogNeeds neededFrom() {
        List<LogNeeds.NeededFrom> catchUps = new ArrayList<>(0);
        for (Peer peer : peers) {
            CatchUp catchUp = peer.catchUp();
            if (catchUp.isUnderWay() && !isSilent(peer)) {
                catchUps.add(new LogNeeds.NeededFrom(
                        Math.max(peer.matchIndex(), catchUp.snapshotIndex()) + 1,
                        catchUp.snapshotBytes(),
                        catchUp.overtakenCount()));
            }
        }
        return new LogNeeds(minMatchIndex(), catchUps);
    }

    @Override
    public void ordered(long nodeId, long index) {
        Peer peer = peer(nodeId);
        peer.progress(new Snapshotting(peer.matchIndex(), index));
        peer.catchUp(peer.catchUp().ordered(index, log.logStart().index()));
    }

    @Override
    public void made(long nodeId, long index, long bytes) {
        Peer peer = peer(nodeId);
        if (peer.progress() instanceof Snapshotting) {
            peer.progress(new Snapshotting(peer.matchIndex(), index));
            peer.catchUp(peer.catchUp().made(index, bytes));
        }
    }

    @Override
    public void send(long nodeId, SnapshotPiece piece) {
        core.outbox().sendNow(new Message.InstallSnapshot(core.requestHeader(nodeId), piece));
    }

    /** Whoever leads has no use for a snapshot any more: nobody waits for the answer. */
    @Override
    public void answer(Message.Header request, SnapshotPiece progress) {}

    @Override
    public void delivered(long nodeId) {
        Peer peer = peer(nodeId);
        if (peer.progress() instanceof Snapshotting) {
            peer.progress(new Probing(peer.matchIndex(), peer.progress().nextIndex(), false));
        }
    }

    @Override
    public void givenUp(long nodeId) {
        Peer peer = peer(nodeId);
        if (peer.progress() instanceof Snapshotting) {
            // A heartbeat asks it again.
            peer.progress(new Probing(peer.matchIndex(), peer.matchIndex() + 1, true));
            peer.catchUp(CatchUp.NONE);
        }
    }

    /** What lies at or below it, every member has (P4). */
    private long minMatchIndex() {
        long min = log.persistedIndex();
        for (Peer peer : peers) {
            min = Math.min(min, peer.matchIndex());
        }
        return min;
    }

    boolean isCaughtUp(long nodeId) {
        return peer(nodeId).matchIndex() == log.lastIndex();
    }

    /** Whether the node is another voter. */
    boolean isOtherVoter(long nodeId) {
        return nodeId != core.nodeId() && core.configuration().isVoter(nodeId);
    }

    /**
     * Of the other voters heard within an election timeout, the one that has most, of those that are
     * fit if there are any; {@link NodeId#NONE} if none.
     */
    long mostCaughtUpVoter() {
        List<Peer> active = activeVoters();
        active.sort(Comparator.comparing((Peer peer) -> peer.fitness().ability())
                .thenComparing(Peer::matchIndex)
                .reversed());
        return active.isEmpty() ? NodeId.NONE : active.get(0).nodeId();
    }

    /** Who could take over at once, for all that they said: those that have most come first. */
    List<Peer> heirs() {
        List<Peer> heirs = activeVoters();
        heirs.removeIf(peer -> !peer.fitness().isFit() || peer.matchIndex() < core.commitIndex());
        heirs.sort(Comparator.comparing(Peer::matchIndex).reversed());
        return heirs;
    }

    private List<Peer> activeVoters() {
        List<Peer> active = new ArrayList<>(peers);
        active.removeIf(peer -> !peer.isVoter()
                || core.ticks() - peer.answeredTick() >= core.options().electionTicks());
        return active;
    }

    @Override
    public List<PeerStatus> status() {
        List<PeerStatus> status = new ArrayList<>();
        for (Peer peer : peers) {
            status.add(new PeerStatus(
                    peer.nodeId(),
                    peer.matchIndex(),
                    core.ticks() - peer.answeredTick(),
                    supply(peer.progress()),
                    peer.progress() instanceof Replicating window ? window.inflightBytes() : 0));
        }
        return status;
    }

    private PeerStatus.Supply supply(Progress progress) {
        if (progress.nextIndex() <= log.logStart().index()) {
            return PeerStatus.Supply.NEEDS_SNAPSHOT;
        }
        return progress instanceof Snapshotting
                ? PeerStatus.Supply.SNAPSHOT
                : PeerStatus.Supply.ENTRIES;
    }

    /** Only members are stepped, so it exists. */
    private Peer peer(long nodeId) {
        for (Peer peer : peers) {
            if (peer.nodeId() == nodeId) {
                return peer;
            }
        }
        throw new AssertionError("no peer " + nodeId);
    }

    private static int sizeBytes(List<Run> runs) {
        int bytes = 0;
        for (Run run : runs) {
            bytes += run.sizeBytes();
        }
        return bytes;
    }
}
