package io.kvd.core.node;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Hello;
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
