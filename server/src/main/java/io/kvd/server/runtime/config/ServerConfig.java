package io.kvd.server.runtime.config;

import io.kvd.core.raft.RaftOptions;

import java.nio.file.Path;
import java.util.List;

/** All that a node is told from outside, checked. What each part means is said at its key in {@link ConfigKeys}. */
public record ServerConfig(
        Node node,
        Listen listen,
        Cluster cluster,
        Raft raft,
        Storage storage,
        Limits limits,
        Log log,
        JvmMemory memory) {

    MemoryPlan memoryPlan() {
        return new MemoryPlan(memory, cluster.peers().size());
    }

    /** The bounds of what this node's log and network keep in memory, which follow from the heap. */
    public Bounds bounds() {
        MemoryPlan plan = memoryPlan();
        return new Bounds(
                plan.tailBytes(),
                plan.windowBytes(),
                plan.peerBulkBytes(limits.requestBytes()),
                plan.pendingConnections());
    }

    /**
     * What nobody sets.
     *
     * @param tailBytes log entries kept once they are persisted
     * @param windowBytes entries on their way to one member
     * @param peerBulkBytes of them, what its kernel has not taken
     * @param pendingConnections that have not said who they are
     */
    public record Bounds(
            long tailBytes, int windowBytes, int peerBulkBytes, int pendingConnections) {}

    /** This node, as the others see it. */
    public Peer self() {
        return cluster.peers().get((int) node.id() - 1);
    }

    /**
     * Who this node is.
     *
     * @param id rank of the name among the members, from 1
     */
    public record Node(String name, long id, Path dataDir) {}

    /**
     * Where this node listens.
     *
     * @param advertise where clients are told to find this node
     * @param admin for operators; at most one
     */
    public record Listen(
            HostPort address, HostPort advertise, List<HostPort> admin, Insecure insecure) {
        public Listen {
            admin = List.copyOf(admin);
        }
    }

    /** Whether to serve beyond this machine although nothing is encrypted and nobody is asked who they are. */
    public enum Insecure {
        REFUSE,
        ALLOW
    }

    /**
     * Who belongs together.
     *
     * @param peers every member, this node too, ascending by node id
     * @param isListed whether somebody said so; if not, this node alone is what is left
     */
    public record Cluster(String name, List<Peer> peers, boolean isListed) {
        public Cluster {
            peers = List.copyOf(peers);
        }
    }

    public record Raft(
            long electionTimeoutMs,
            long heartbeatMs,
            long logRetainBytes,
            long snapshotBytesPerSecond) {
        /** The bounds of a replica; times are rounded up to whole ticks. */
        public RaftOptions options() {
            return RaftOptions.DEFAULT
                    .withElectionTicks(ticks(electionTimeoutMs))
                    .withHeartbeatTicks(ticks(heartbeatMs));
        }

        static int ticks(long millis) {
            int tickMs = RaftOptions.DEFAULT.tickMs();
            return Math.toIntExact((millis + tickMs - 1) / tickMs);
        }
    }

    public record Storage(long memoryBytes, long rowCacheBytes, long minFreeBytes) {}

    /**
     * What clients may take.
     *
     * @param clients that may be connected, each address's and all together
     */
    public record Limits(
            int keyBytes,
            int valueBytes,
            int requestBytes,
            long inFlightBytes,
            long answerBytes,
            long clients,
            long clientsPerAddress) {}

    /**
     * What is written to the log.
     *
     * @param slowRequestMs requests that take as long are written down, with where the time went
     */
    public record Log(LogLevel level, LogFormat format, long slowRequestMs) {}

    public enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    public enum LogFormat {
        TEXT,
        JSON
    }
}
