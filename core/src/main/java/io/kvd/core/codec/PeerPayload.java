package io.kvd.core.codec;

import io.kvd.core.raft.Message;

/** One thing that a node says to another in a peer frame. */
public sealed interface PeerPayload {
    /** The sender's node id. */
    long from();

    /** The receiver's node id. */
    long to();

    /** From one replica of a group to another. */
    record OfReplica(Message message) implements PeerPayload {
        @Override
        public long from() {
            return message.from();
        }

        @Override
        public long to() {
            return message.to();
        }
    }

    /** From one node to another, about itself. */
    record OfNode(Hello hello) implements PeerPayload {
        @Override
        public long from() {
            return hello.from();
        }

        @Override
        public long to() {
            return hello.to();
        }
    }
}
