package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Hash128;
import io.kvd.core.codec.ConfigurationCodec;
import io.kvd.core.kv.FeatureLevel;
import io.kvd.core.raft.Configuration;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Member;
import io.kvd.core.raft.RestoredReplica;
import io.kvd.core.raft.Run;

import java.util.ArrayList;
import java.util.List;

/**
 * The first entry of a cluster's log, EntryId(1,1): who its members are, and which data directory each of them is.
 * Committed by definition. Its bytes are canonical, and their hash is the cluster id: storeIds are in it, so every
 * life of a cluster has an id of its own.
 *
 * @param configuration decoded from {@code bytes}
 */
record Bootstrap(Bytes bytes, Configuration configuration) {
    static final long GROUP_ID = 1;
    private static final EntryId FIRST = new EntryId(1, 1);

    static Bootstrap of(Configuration configuration) {
        return new Bootstrap(ConfigurationCodec.encode(configuration), configuration);
    }

    /** @param storeIds the directory of each initial member, in their order */
    static Bootstrap of(InitialCluster cluster, List<Bytes> storeIds) {
        List<Member> members = new ArrayList<>();
        for (InitialCluster.InitialMember initial : cluster.members()) {
            members.add(new Member(
                    initial.nodeId(),
                    storeIds.get(members.size()),
                    initial.name(),
                    initial.peerAddress(),
                    initial.clientAddress(),
                    Member.Suffrage.VOTER,
                    new Member.FeatureRange(FeatureLevel.FIRST, FeatureLevel.HIGHEST)));
        }
        long highest = members.get(members.size() - 1).nodeId();
        return of(new Configuration(members, highest));
    }

    /** @throws io.kvd.core.base.DamagedException if the bytes are no configuration */
    static Bootstrap decode(Bytes bytes) {
        return new Bootstrap(bytes, ConfigurationCodec.decode(bytes));
    }

    Run run() {
        Entry entry =
                new Entry(FIRST, EntryKind.CONFIG, Entry.Stamp.ZERO, Entry.Origin.NONE, bytes);
        return Run.encode(GROUP_ID, List.of(entry));
    }

    Bytes clusterId() {
        return Hash128.of(run().encoded()).toBytes();
    }

    /** What is persisted at birth, NODE, GROUP, HARD_STATE and the entry, in one batch. */
    LogBatch birth(NodeRecord node) {
        LogBatch.GroupWrite write = new LogBatch.GroupWrite(
                GROUP_ID, birthState(), List.of(GroupRecord.INITIAL), 0, List.of(run()));
        return new LogBatch(List.of(node.bornInto(clusterId(), bytes)), List.of(write));
    }

    /** The replica as a restart right after {@link #birth} would find it. */
    RestoredReplica newborn() {
        return new RestoredReplica(
                birthState(),
                EntryId.NONE,
                FIRST,
                0,
                List.of(FIRST),
                List.of(run()),
                EntryId.NONE,
                configuration);
    }

    private static HardState birthState() {
        return new HardState(FIRST.term(), HardState.INITIAL.votedFor());
    }
}
