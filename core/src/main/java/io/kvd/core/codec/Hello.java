package io.kvd.core.codec;

import io.kvd.core.base.Bytes;

import java.util.List;

/**
 * What members tell each other of their data directories, before any vote or entry (ARCHITECTURE.md, Birth), and of
 * their configuration, whenever a connection opens.
 *
 * @param born whether the sender belongs to a cluster
 * @param bootstrap the bootstrap configuration's bytes; empty while the sender is unborn
 * @param settings what the sender is configured with now
 * @param others where other members said that they are
 * @param lives the lives of the sender's directory: who remembers one that is not among them takes it for a copy
 * @param remembered what the sender remembers of the receiver
 */
public record Hello(
        long from,
        long to,
        Bytes storeId,
        Birthmark born,
        Bytes bootstrap,
        Purpose purpose,
        Settings settings,
        List<Location> others,
        Lives lives,
        Remembered remembered) {
    public Hello {
        others = List.copyOf(others);
    }

    /**
     * Where a member said that it is.
     *
     * @param incarnation the life in which it said so: of two locations the later one counts
     */
    public record Location(
            long nodeId, long incarnation, String peerAddress, String clientAddress) {}

    /** The same with what the sender remembers of the receiver. */
    public Hello with(Remembered memory) {
        return new Hello(
                from, to, storeId, born, bootstrap, purpose, settings, others, lives, memory);
    }

    public enum Birthmark {
        UNBORN,
        BORN
    }

    public enum Purpose {
        ASK,
        ANSWER
    }

    /**
     * A member's own, current configuration. What the cluster was born with says only where its members were then.
     *
     * @param clusterName the same on all members
     * @param peerAddress {@code host:port} where the other members reach the sender
     * @param clientAddress {@code host:port} that clients are told
     * @param peers the sender's list of members, each as {@code name=host:port}
     */
    public record Settings(
            String clusterName, String peerAddress, String clientAddress, List<String> peers) {
        /** More members than any list names, and longer texts than any address or name has. */
        public static final int MAX_PEERS = 64;

        public static final int MAX_TEXT = 400;

        public Settings {
            peers = List.copyOf(peers);
        }
    }
}
