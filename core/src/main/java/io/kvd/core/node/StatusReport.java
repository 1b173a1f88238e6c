package io.kvd.core.node;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateStore;
import io.kvd.core.raft.Member;
import io.kvd.core.raft.NodeId;
import io.kvd.core.raft.PeerStatus;
import io.kvd.core.raft.RaftCore;
import io.kvd.protocol.MemberStatus;
import io.kvd.protocol.StatusResult;
import io.kvd.protocol.TransferStatus;

import java.util.Locale;

/** One node's own view of itself, for {@code kvctl status}. */
final class StatusReport {
    private final InitialCluster cluster;
    private final NodeLoop.Doors doors;
    private final MemberAddresses addresses;
    private final LiveState state;
    private final NodeOptions options;
    private final String program;
    private final long startNanos;

    StatusReport(
            InitialCluster cluster,
            NodeLoop.Doors doors,
            MemberAddresses addresses,
            LiveState state,
            NodeOptions options,
            String program,
            long startNanos) {
        this.cluster = cluster;
        this.doors = doors;
        this.addresses = addresses;
        this.state = state;
        this.options = options;
        this.program = program;
        this.startNanos = startNanos;
    }

    StatusResult unborn(NodeRecord self, Birth birth, long nowNanos) {
        StatusResult.Builder status = common(self, nowNanos).setRole("unborn");
        if (!birth.claimedBy().isEmpty()) {
            status.addWaitingFor(
                    "its own cluster.peers, since " + birth.claimedBy() + " takes it for a member");
        }
        for (InitialCluster.InitialMember member : birth.waitingFor()) {
            String differs = birth.difference(member.nodeId())
                    .map(difference -> ": its " + difference.key() + " is not this node's")
                    .orElse("");
            status.addWaitingFor(member.name() + " (" + member.peerAddress() + ")" + differs);
        }
        for (InitialCluster.InitialMember member : cluster.members()) {
            MemberAddresses.MemberAddress address = addresses.of(member);
            status.addMembers(MemberStatus.newBuilder()
                    .setNodeId(member.nodeId())
                    .setName(member.name())
                    .setPeerAddress(address.peer())
                    .setClientAddress(address.client())
                    .setVoter(true));
        }
        return status.build();
    }

    private long electionNanos() {
        return 1_000_000L * options.raft().electionTicks() * options.raft().tickMs();
    }

    StatusResult born(NodeRecord self, Replica replica, NodeInput.SpaceLevel space, long nowNanos) {
        RaftCore core = replica.core();
        NodeInput.Applied applied = replica.applied();
        StateStore.Size size = state.store().size();
        StatusResult.Builder status = common(self, nowNanos)
                .setRole(core.role().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .setLeaderId(core.leaderId())
                .setQuorumHeard(core.leaderId() != NodeId.NONE
                        && core.freshness().isConfirmedWithin(electionNanos()))
                .setTerm(core.term())
                .setCommitIndex(core.commitIndex())
                .setAppliedIndex(applied.applied().index())
                .setAppliedTerm(applied.applied().term())
                .setRevision(applied.revision())
                .setStateHash(wrap(applied.stateHash()))
                .setFeatureLevel(applied.featureLevel())
                .setFirstIndex(core.logStart().index() + 1)
                .setLastIndex(core.lastId().index())
                .setLogBytes(doors.log().sizeBytes(replica.groupId()))
                .setStateBytes(size.diskBytes() + size.memoryBytes())
                .setFlushedIndex(replica.trimmer().flushedIndex())
                .setKeysEstimate(size.estimatedRows())
                .setSessions(applied.sessions());
        for (Member member : core.configuration().members()) {
            status.addMembers(member(member, core));
        }
        addTransfers(replica, status);
        if (space == NodeInput.SpaceLevel.LOW) {
            status.addAlarms("NO_SPACE");
        }
        return status.build();
    }

    private static void addTransfers(Replica replica, StatusResult.Builder status) {
        SnapshotSender sender = replica.snapshots().sender();
        if (sender.receiver() != NodeId.NONE) {
            status.addTransfers(TransferStatus.newBuilder()
                    .setMember(nameOf(sender.receiver(), replica.core()))
                    .setBytes(sender.ackedBytes())
                    .setTotalBytes(sender.totalBytes()));
        }
        SnapshotReceiver receiver = replica.snapshots().receiver();
        if (receiver.sender() != NodeId.NONE) {
            status.addTransfers(TransferStatus.newBuilder()
                    .setMember(nameOf(receiver.sender(), replica.core()))
                    .setIncoming(true)
                    .setBytes(receiver.writtenBytes())
                    .setTotalBytes(receiver.totalBytes()));
        }
    }

    private static String nameOf(long nodeId, RaftCore core) {
        return core.configuration().member(nodeId).map(Member::name).orElse("node " + nodeId);
    }

    private MemberStatus.Builder member(Member member, RaftCore core) {
        MemberAddresses.MemberAddress address = addresses.of(member);
        boolean isSelf = member.nodeId() == cluster.selfId();
        MemberStatus.Builder status = MemberStatus.newBuilder()
                .setNodeId(member.nodeId())
                .setName(member.name())
                .setPeerAddress(address.peer())
                .setClientAddress(address.client())
                .setUnreachable(!isSelf && !doors.transport().isConnected(member.nodeId()))
                .setVoter(member.suffrage() == Member.Suffrage.VOTER);
        for (PeerStatus peer : core.peers()) {
            if (peer.nodeId() == member.nodeId()) {
                status.setMatchIndex(peer.matchIndex())
                        .setHeard(peer.ticksSinceAnswer() < options.raft().electionTicks())
                        .setLastContactMs(
                                peer.ticksSinceAnswer() * options.raft().tickMs());
            }
        }
        return status;
    }

    private StatusResult.Builder common(NodeRecord self, long nowNanos) {
        return StatusResult.newBuilder()
                .setNodeId(self.nodeId())
                .setName(cluster.self().name())
                .setProgram(program)
                .setStoreId(wrap(self.storeId()))
                .setIncarnation(self.incarnation())
                .setClusterId(wrap(self.clusterId()))
                .setUptimeMs((nowNanos - startNanos) / 1_000_000);
    }

    private static ByteString wrap(Bytes bytes) {
        return ByteString.copyFrom(bytes.array(), bytes.offset(), bytes.length());
    }
}
