package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.RangeReader;
import io.kvd.core.raft.ConfirmedRead;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.LoadRequest;
import io.kvd.core.raft.NodeId;
import io.kvd.core.raft.Proposal;
import io.kvd.core.raft.Proposed;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.ReadId;
import io.kvd.core.raft.Ready;
import io.kvd.core.raft.RoleName;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.ExpireSessionsCommand;
import io.kvd.protocol.ExpiringSession;

import java.util.ArrayList;
import java.util.List;

/**
 * One group on this node: its Raft core, and the clients that wait for it. Knows no disk and no network; what must
 * happen outside it adds to the turn's {@link Work}. Owned by the raft thread.
 */
final class Replica {
    private final long groupId;
    private final long nodeId;
    private final Bytes clusterId;
    private final RaftCore core;
    private final LogTrimmer trimmer;
    private final Snapshots snapshots;
    private final MemberAddresses addresses;
    private final PendingWrites pendingWrites = new PendingWrites();
    private final WaitingReads waitingReads;
    /** Requests of this turn, proposed as one run. */
    private final List<ClientRequest> arrivedWrites = new ArrayList<>();
    /** Requests of this turn, asked under one ReadId. */
    private final List<ClientRequest> arrivedReads = new ArrayList<>();

    private NodeInput.Applied applied;

    Replica(
            PeerIdentity self,
            Bytes clusterId,
            RaftCore core,
            LogTrimmer trimmer,
            Snapshots snapshots,
            MemberAddresses addresses,
            NodeInput.Applied applied) {
        this.groupId = Bootstrap.GROUP_ID;
        this.nodeId = self.nodeId();
        this.clusterId = clusterId;
        this.core = core;
        this.applied = applied;
        this.trimmer = trimmer;
        this.snapshots = snapshots;
        this.addresses = addresses;
        this.waitingReads = new WaitingReads(self.incarnation());
    }

    long groupId() {
        return groupId;
    }

    RaftCore core() {
        return core;
    }

    LogTrimmer trimmer() {
        return trimmer;
    }

    Snapshots snapshots() {
        return snapshots;
    }

    NodeInput.Applied applied() {
        return applied;
    }

    ReplyHeader header() {
        return new ReplyHeader(nodeId, core.term(), clusterId);
    }

    boolean leads() {
        return core.role() == RoleName.LEADER;
    }

    /** Whether no client waits for this replica. */
    boolean isQuiet() {
        return pendingWrites.isEmpty() && waitingReads.isEmpty();
    }

    void write(ClientRequest request) {
        arrivedWrites.add(request);
    }

    void readLinearizably(ClientRequest request) {
        arrivedReads.add(request);
    }

    /** Serves the reads from the state as it is. */
    void readNow(List<ClientRequest> requests, TurnOutput out) {
        List<ClientRequest> reads = new ArrayList<>();
        List<ClientRequest> counts = new ArrayList<>();
        for (ClientRequest request : requests) {
            boolean isCount = RangeReader.isCount(((ClientRequest.Range) request.body()).request());
            (isCount ? counts : reads).add(request);
        }
        if (!reads.isEmpty()) {
            out.work(new Work.Read(new ReadBatch(groupId, header(), reads)));
        }
        if (!counts.isEmpty()) {
            out.work(new Work.Count(new ReadBatch(groupId, header(), counts)));
        }
    }

    /** Hands what arrived in this turn to the core: the writes as one run, the reads as one round. */
    void submitArrived(long wallTimeMs, TurnOutput out) {
        if (!arrivedWrites.isEmpty()) {
            proposeArrived(wallTimeMs, out);
            arrivedWrites.clear();
        }
        if (!arrivedReads.isEmpty()) {
            ReadId id = waitingReads.ask(arrivedReads);
            arrivedReads.clear();
            core.requestRead(id);
        }
    }

    /** Proposes to expire sessions, guarded by this term: a deposed leader's proposal expires nobody. */
    void proposeExpiry(List<ExpiringSession> sessions, long wallTimeMs) {
        if (leads()) {
            ExpireSessionsCommand expire = ExpireSessionsCommand.newBuilder()
                    .setTerm(core.term())
                    .addAllSessions(sessions)
                    .build();
            Bytes bytes = Bytes.of(
                    Command.newBuilder().setExpireSessions(expire).build().toByteArray());
            // Refused as busy: the next scan finds the same sessions again.
            core.propose(
                    List.of(new Proposal(EntryKind.COMMAND, Entry.Origin.NONE, bytes, wallTimeMs)));
        }
    }

    /** Reports what the apply loop did, and serves the reads that waited for it. */
    void applied(NodeInput.Applied input, TurnOutput out) {
        if (snapshots.isSwitching()) {
            return; // To the state that is being given up; the core counts on more.
        }
        applied = input;
        core.applied(input.applied().index());
        readNow(waitingReads.takeServable(input.applied().index()), out);
    }

    /** The apply loop goes on with the state that a snapshot brought; what waited for it is served. */
    void switched(NodeInput.StateSwitched input, TurnOutput out) {
        snapshots.switched(input.retired(), out);
        applied(input.applied(), out);
    }

    /** Carries out what of a Ready is for this node's own threads and clients, after the persist. */
    void handOver(Ready ready, TurnOutput out) {
        snapshots.persisted(out);
        if (!ready.committed().isEmpty()) {
            out.work(new Work.Apply(applyBatch(ready.committed())));
        }
        for (LoadRequest load : ready.entriesToLoad()) {
            out.work(new Work.Load(groupId, load));
        }
        for (ConfirmedRead read : ready.confirmedReads()) {
            waitingReads.confirm(read);
        }
        if (!ready.confirmedReads().isEmpty()) {
            readNow(waitingReads.takeServable(applied.applied().index()), out);
        }
        for (ReadId id : ready.refusedReads()) {
            for (ClientRequest read : waitingReads.refuse(id)) {
                out.reply(Replies.notLeader(header(), read.origin(), leaderHint()));
            }
        }
        if (!leads()) {
            // In the log and perhaps on other nodes: they may still commit (Raft §5.4.2), so nobody
            // calls them failed.
            for (ClientRequest write : pendingWrites.takeAll()) {
                out.reply(Replies.unknownOutcome(
                        header(),
                        write.origin(),
                        "leadership was lost before the write was committed"));
            }
        }
    }

    /** Answers those whose deadline passed. */
    void expire(long nowNanos, TurnOutput out) {
        for (ClientRequest write : pendingWrites.takeExpired(nowNanos)) {
            out.reply(Replies.unknownOutcome(
                    header(),
                    write.origin(),
                    "the deadline passed before the write was committed"));
        }
        for (ClientRequest read : waitingReads.takeExpired(nowNanos)) {
            out.reply(Replies.timeout(header(), read.origin()));
        }
    }

    /** Flushes when due, and cuts the log as far as it may go. */
    void trim(TurnOutput out) {
        if (trimmer.flushDue()) {
            flush(out);
        }
        // A flush may tell of what the apply loop wrote and has not reported here yet.
        long cut = trimmer.cutIndex(core.appliedIndex(), core.neededFrom());
        if (cut > core.logStart().index()) {
            core.cutLog(cut);
        }
    }

    void flush(TurnOutput out) {
        trimmer.flushBegun();
        out.work(new Work.Flush(groupId));
    }

    /** The leader and where clients find it; none if it is unknown or this node. */
    LeaderHint leaderHint() {
        long leader = core.leaderId();
        return leader == nodeId || leader == NodeId.NONE
                ? LeaderHint.NONE
                : core.configuration()
                        .member(leader)
                        .map(member ->
                                new LeaderHint(leader, addresses.of(member).client()))
                        .orElse(LeaderHint.NONE);
    }

    private void proposeArrived(long wallTimeMs, TurnOutput out) {
        List<Proposal> proposals = new ArrayList<>(arrivedWrites.size());
        for (ClientRequest request : arrivedWrites) {
            ClientRequest.Write write = (ClientRequest.Write) request.body();
            proposals.add(
                    new Proposal(EntryKind.COMMAND, write.session(), write.bytes(), wallTimeMs));
        }
        Proposed proposed = core.propose(proposals);
        if (proposed instanceof Proposed.Appended appended) {
            EntryId first = appended.first();
            for (int i = 0; i < arrivedWrites.size(); i++) {
                pendingWrites.add(
                        new EntryId(first.term(), first.index() + i), arrivedWrites.get(i));
            }
        } else if (proposed instanceof Proposed.NotLeader) {
            arrivedWrites.forEach(
                    w -> out.reply(Replies.notLeader(header(), w.origin(), leaderHint())));
        } else if (proposed instanceof Proposed.Busy) {
            arrivedWrites.forEach(w -> out.reply(Replies.retryLater(
                    header(),
                    w.origin(),
                    Code.BUSY,
                    "too much is waiting to be replicated; try again shortly")));
        } else {
            throw new AssertionError("unhandled " + proposed);
        }
    }

    private ApplyInput.ApplyBatch applyBatch(List<Run> committed) {
        List<ApplyInput.WaitingWrite> waiting = new ArrayList<>();
        for (Run run : committed) {
            trimmer.handed(run);
            if (leads()) {
                waiting.addAll(pendingWrites.take(run));
            }
        }
        return new ApplyInput.ApplyBatch(groupId, header(), committed, waiting);
    }
}
