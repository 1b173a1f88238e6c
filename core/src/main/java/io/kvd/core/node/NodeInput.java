package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Hello;
import io.kvd.core.kv.SnapshotManifest;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.LoadedEntries;
import io.kvd.core.raft.Message;
import io.kvd.protocol.ExpiringSession;

import java.util.List;

/** All that can come in at {@code NodeLoop}: from peers, from clients, and answers to work that it handed out. */
public sealed interface NodeInput {

    /** Raft messages of one peer connection, in the order they were sent. */
    record PeerMessages(PeerIdentity from, List<Message> messages) implements NodeInput {
        public PeerMessages {
            messages = List.copyOf(messages);
        }
    }

    record HelloReceived(PeerIdentity from, Hello hello) implements NodeInput {}

    /**
     * A node was refused that dialled this one as a member of its cluster.
     *
     * @param by who, for people
     */
    record Claimed(String by) implements NodeInput {}

    /** This node's connection to the peer is up: messages to it will leave. */
    record PeerConnected(PeerIdentity peer) implements NodeInput {}

    /** A connection with the peer was reset or closed: its process may be gone. A hint, never a proof. */
    record PeerLost(long nodeId) implements NodeInput {}

    /** One item per read event of a connection, not per request. */
    record ClientRequests(List<ClientRequest> requests) implements NodeInput {
        public ClientRequests {
            requests = List.copyOf(requests);
        }
    }

    /**
     * The apply loop executed entries.
     *
     * @param applied the last one
     * @param revision the store's, after it
     * @param stateHash 16 bytes, after it
     * @param sessions how many are open
     */
    record Applied(
            long groupId,
            EntryId applied,
            long revision,
            Bytes stateHash,
            int featureLevel,
            int sessions)
            implements NodeInput {}

    /** The state is durable up to {@code flushedIndex}: the applied index read before the flush began (P4). */
    record Flushed(long groupId, long flushedIndex) implements NodeInput {}

    /** Answers to {@link SnapshotWork}. */
    sealed interface SnapshotAnswer extends NodeInput
            permits SnapshotMade, ChunkRead, ChunkWritten, SnapshotStaged {}

    /** The apply thread opened what a snapshot brought: it is live now. */
    record StateSwitched(long groupId, Applied applied, RetiredState retired)
            implements NodeInput {}

    /** {@link Work.Retire} has to be tried again. */
    record StillRead(long groupId, RetiredState retired) implements NodeInput {}

    /** This node's snapshot with that number is ready to be sent. */
    record SnapshotMade(long groupId, long shipment, SnapshotManifest manifest)
            implements SnapshotAnswer {}

    /**
     * @param position of the first byte
     * @param checksum crc32c of the bytes
     */
    record ChunkRead(long groupId, long shipment, long position, int checksum, Bytes bytes)
            implements SnapshotAnswer {}

    /** @param position all that comes before it is written */
    record ChunkWritten(long groupId, long receipt, long position) implements SnapshotAnswer {}

    /**
     * All of a snapshot came in and was checked.
     *
     * @param unusable what is wrong with it; empty if nothing is, and then it is the generation's directory
     */
    record SnapshotStaged(long groupId, long receipt, long generation, String unusable)
            implements SnapshotAnswer {}

    record EntriesLoaded(long groupId, LoadedEntries loaded) implements NodeInput {}

    /** Sessions whose time is up by log time; the leader proposes their expiry. */
    record SessionsExpirable(long groupId, List<ExpiringSession> sessions) implements NodeInput {
        public SessionsExpirable {
            sessions = List.copyOf(sessions);
        }
    }

    /** Free space under the data directory fell below or rose above the soft limit. */
    record DiskSpace(SpaceLevel level) implements NodeInput {}

    enum SpaceLevel {
        ENOUGH,
        LOW
    }

    /** Graceful stop: hand leadership over, take no new requests, finish what is in flight. */
    record StopRequested() implements NodeInput {}
}
