package io.kvd.core.node;

import io.kvd.core.codec.Hello;
import io.kvd.core.codec.Transfer;
import io.kvd.core.raft.Message;

import java.util.List;

/**
 * Door to the other members. Never blocks, never throws; any message may be lost, since Raft and who sends snapshots
 * send again. Messages to one member leave in the order given.
 */
public interface Transport {
    void send(List<Message> messages);

    void send(Hello hello);

    void send(Transfer transfer);

    /** The peer broke a rule: ends the connection on which that life of it speaks. It may dial again. */
    void disconnect(PeerIdentity peer);
}
