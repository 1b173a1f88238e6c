package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.StorageException;
import io.kvd.core.codec.Lives;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.RestoredReplica;

import java.util.ArrayList;
import java.util.List;

/**
 * What a node starts from: its identity, one incarnation on, and its replicas as its disk has them. Making one checks
 * that the directory is this node's; nothing is written yet.
 *
 * @param record the NODE record of this life, to be persisted by {@link #persist} before anything leaves
 */
public record NodeStart(NodeRecord record, List<RestoredLog.RestoredGroup> groups) {
    public NodeStart {
        groups = List.copyOf(groups);
    }

    /**
     * @param drawn 16 random bytes, others at each start: the store id if the directory was just made, and the nonce of
     *     this life
     * @throws StorageException REFUSED, with what to do, if the directory belongs to another node or cluster;
     *     OLDER_COPY if an earlier life found that it is one
     */
    public static NodeStart of(InitialCluster cluster, RestoredLog log, Bytes drawn) {
        InitialCluster.InitialMember self = cluster.self();
        if (log.node().isEmpty()) {
            return new NodeStart(
                    new NodeRecord(
                            cluster.name(),
                            Bytes.EMPTY,
                            self.nodeId(),
                            drawn,
                            Lives.NONE.next(nonce(drawn)),
                            Bytes.EMPTY),
                    log.groups());
        }
        NodeRecord found = log.node().get(0);
        if (found.nodeId() != self.nodeId()) {
            throw refused("the data directory belongs to node %d, this is node %d (%s)"
                    .formatted(found.nodeId(), self.nodeId(), self.name()));
        }
        if (!found.clusterName().equals(cluster.name())) {
            throw refused(
                    "the data directory belongs to cluster '%s', this node is configured for '%s'"
                            .formatted(found.clusterName(), cluster.name()));
        }
        if (!found.olderCopy().isEmpty()) {
            throw new StorageException(
                    StorageException.Kind.OLDER_COPY,
                    "refusing to start: an earlier start found that " + found.olderCopy());
        }
        return new NodeStart(found.startedAgain(nonce(drawn)), log.groups());
    }

    private static long nonce(Bytes drawn) {
        long nonce = drawn.longAt(0);
        return nonce == 0 ? 1 : nonce;
    }

    /**
     * What the new directory of this member holds once the cluster is born, for a cluster in which each knows every
     * directory beforehand: nobody has to ask. Only where no directory can be made anew under a known id, since its
     * replica would vote as if it remembered.
     *
     * @param storeIds the directory of each member, in the cluster's order
     */
    public static LogBatch birth(InitialCluster cluster, List<Bytes> storeIds) {
        Check.that(
                storeIds.size() == cluster.members().size(),
                "%d directories for %d members",
                storeIds.size(),
                cluster.members().size());
        Bytes own = storeIds.get(cluster.members().indexOf(cluster.self()));
        NodeRecord unborn = new NodeRecord(
                cluster.name(), Bytes.EMPTY, cluster.selfId(), own, Lives.NONE, Bytes.EMPTY);
        return Bootstrap.of(cluster, storeIds).birth(unborn);
    }

    /** Whether the directory was just made: then there is no state, and none may be made before {@link #persist}. */
    public boolean isFirst() {
        return record.incarnation() == 1;
    }

    /**
     * Persists this life's incarnation. Called once, when the port is bound and everything was checked, before
     * anything leaves the process: answers to an earlier life are told apart by it.
     */
    public void persist(LogStore log) {
        List<LogBatch.GroupWrite> rewritten = new ArrayList<>();
        for (RestoredLog.RestoredGroup group : groups) {
            rewritten.add(new LogBatch.GroupWrite(
                    group.groupId(), group.hardState(), List.of(), 0, List.of()));
        }
        log.write(new LogBatch(List.of(record), rewritten));
    }

    /** The identity that peers are told. */
    public PeerIdentity identity() {
        return record.identity();
    }

    /** The live state directory of the group (P5). */
    public long stateGeneration(long groupId) {
        return groups.stream()
                .filter(group -> group.groupId() == groupId)
                .map(group -> group.group().stateGeneration())
                .findFirst()
                .orElse(GroupRecord.INITIAL.stateGeneration());
    }

    /**
     * An unborn node's state has applied nothing: {@link DirectoryRules} can't see into it.
     *
     * @throws StorageException DAMAGE if it has
     */
    void checkUnborn(OpenedState state) {
        EntryId applied = state.applied().applied();
        if (groups.isEmpty() && !applied.equals(EntryId.NONE)) {
            throw new StorageException(
                    StorageException.Kind.DAMAGE,
                    "the state has applied entry %s, but the log belongs to no cluster yet: they are not of one node. %s"
                            .formatted(applied, DirectoryRules.REPLACE_NODE));
        }
    }

    /**
     * The group's replica for the core.
     *
     * @throws StorageException DAMAGE if log and state do not fit each other
     */
    RestoredReplica replica(RestoredLog.RestoredGroup group, OpenedState state) {
        EntryId applied = state.applied().applied();
        EntryId logStart = group.group().logStart();
        if (applied.index() < logStart.index() || applied.index() > group.last().index()) {
            throw new StorageException(
                    StorageException.Kind.DAMAGE,
                    ("the state has applied entry %s, but the log holds only what follows %s, up to %s: log and state"
                                    + " are not of one node. Move the data directory away and replace this member")
                            .formatted(applied, logStart, group.last()));
        }
        Bytes configuration =
                state.configuration().isEmpty() ? record.bootstrap() : state.configuration();
        return new RestoredReplica(
                group.hardState(),
                logStart,
                group.last(),
                // Of a log that was cut to its end nothing but the state remembers it.
                Math.max(group.lastLogTimeMs(), state.lastLogTimeMs()),
                group.termStarts(),
                group.tail(),
                applied,
                Bootstrap.decode(configuration).configuration());
    }

    private static StorageException refused(String what) {
        return new StorageException(
                StorageException.Kind.REFUSED,
                "refusing to start: " + what
                        + "; check the configuration or move the directory away");
    }
}
