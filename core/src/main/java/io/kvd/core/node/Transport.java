package io.kvd.core.node;

import io.kvd.core.codec.Hello;
import io.kvd.core.raft.Message;

import java.util.List;

/**
 * Door to the other members. Never blocks, never throws; any message may be lost, since Raft and who sends snapshots
 * send again. Messages to one member leave in the order given.
 */
public interface Transport {
    void send(List<Message> messages);

    void send(Hello hello);

    /**
     * The member told that it is at this address, {@code host:port}, now. Where this node's own configuration says
     * something else, either may be right: as seen from here, or as seen from there.
     */
    void announced(long nodeId, String peerAddress);

    /** Whether messages to the member leave. */
    boolean isConnected(long nodeId);

    /** The peer broke a rule: ends the connection on which that life of it speaks. It may dial again. */
    void disconnect(PeerIdentity peer);
}
