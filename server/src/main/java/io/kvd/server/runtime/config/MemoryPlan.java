package io.kvd.server.runtime.config;

import io.kvd.core.kv.RequestLimits;
import io.kvd.core.node.AnswerLimits;
import io.kvd.core.raft.RaftOptions;

import java.util.ArrayList;
import java.util.List;

/**
 * How the memory that is there is divided. What nobody sets is a part of the heap, up to what suffices on any machine;
 * and all parts together must fit, so that no load ends the node by OutOfMemoryError.
 *
 * @param members of the cluster
 */
record MemoryPlan(JvmMemory memory, int members) {
    /** A node that serves nobody: the program, and the buffers of its files, threads and snapshots. */
    private static final long BASE_BYTES = 20 << 20;

    /** Outside the heap: what is read from sockets, a look at a time. */
    private static final long BASE_DIRECT_BYTES = 8 << 20;

    /** What a client's connection takes: its objects, and a request that is small enough to be read uncharged. */
    private static final int CLIENT_BYTES = 8 << 10;

    /** What a connection takes until it has said who it is: the largest handshake. */
    private static final int PENDING_BYTES = 64 << 10;

    private static final long MIB = 1 << 20;

    /** A part of a node's memory. */
    private record Part(String name, long bytes) {}

    // ---- What counts where nobody sets it.

    long rowCacheBytes() {
        return part(8, MIB, 64 * MIB);
    }

    /** At least what one request takes. */
    long inFlightBytes(long requestBytes) {
        return Math.max(part(16, MIB, 64 * MIB), requestBytes + MIB / 8);
    }

    long answerBytes() {
        return part(8, MIB, 256 * MIB);
    }

    long clients() {
        return part(16, MIB, 32 * MIB) / CLIENT_BYTES;
    }

    // ---- What nobody can set.

    int pendingConnections() {
        return (int) (part(16, MIB, 16 * MIB) / PENDING_BYTES);
    }

    /** Log entries kept in memory once they are persisted. */
    long tailBytes() {
        return part(16, MIB, RaftOptions.DEFAULT.maxTailBytes());
    }

    /** Entries on their way to one member. */
    int windowBytes() {
        int followers = Math.max(1, members - 1);
        return (int) part(16 * followers, 2 * MIB, RaftOptions.DEFAULT.maxInflightBytes());
    }

    /** Bytes on their way to one member that its kernel has not taken: two windows, or the largest entry. */
    int peerBulkBytes(long requestBytes) {
        return (int) Math.max(2L * windowBytes(), requestBytes + MIB);
    }

    private long part(int divisor, long min, long max) {
        long smaller = Math.min(memory.heapBytes(), memory.directBytes());
        // Whole KiB: it is shown to people.
        return Math.max(min, Math.min(max, ((smaller / divisor) >> 10) << 10));
    }

    // ---- Whether it fits.

    /** @throws ConfigRefused if heap or direct memory can't hold what the configuration lets the node take */
    void check(ServerConfig config) {
        ServerConfig.Limits limits = config.limits();
        long answers = Math.max(limits.answerBytes(), largestReserve(limits));
        long clients = limits.clients() * CLIENT_BYTES;
        int followers = members - 1;
        List<Part> heap = new ArrayList<>(List.of(
                new Part("twice limits.in-flight", 2 * limits.inFlightBytes()),
                new Part("storage.row-cache", config.storage().rowCacheBytes()),
                new Part("limits.answers, or the largest answer", answers),
                new Part("limits.clients, 8 KiB each", clients),
                new Part("the log's tail", tailBytes()),
                new Part("entries for members", (long) followers * windowBytes()),
                new Part("handshakes", (long) pendingConnections() * PENDING_BYTES),
                new Part("the node itself", BASE_BYTES)));
        mustFit("heap", memory.heapBytes(), heap, "-Xmx");
        List<Part> direct = List.of(
                new Part("limits.in-flight", limits.inFlightBytes()),
                new Part("limits.answers, or the largest answer", answers),
                new Part(
                        "entries for members",
                        followers * (peerBulkBytes(limits.requestBytes()) + MIB)),
                new Part("what is read", BASE_DIRECT_BYTES));
        mustFit("direct memory", memory.directBytes(), direct, "-XX:MaxDirectMemorySize=");
    }

    private static long largestReserve(ServerConfig.Limits limits) {
        RequestLimits requests =
                new RequestLimits(limits.keyBytes(), limits.valueBytes(), limits.requestBytes());
        return AnswerLimits.of(1, requests).largestReserve();
    }

    private static void mustFit(String what, long has, List<Part> parts, String option) {
        long needs = parts.stream().mapToLong(Part::bytes).sum();
        if (needs > has) {
            List<String> texts = parts.stream()
                    .sorted((a, b) -> Long.compare(b.bytes(), a.bytes()))
                    .map(part -> part.name() + " " + mib(part.bytes()))
                    .toList();
            throw new ConfigRefused(
                    "the %s of %s can't hold what this configuration lets a node take, %s"
                            .formatted(what, mib(has), mib(needs)),
                    "under load it would end by OutOfMemoryError: " + String.join(", ", texts),
                    "%s%dm or more in KVD_JAVA_OPTS, or less of the first of these"
                            .formatted(option, roundedUp(needs)));
        }
    }

    // With room for the collector: the serial one keeps a part of -Xmx for itself.
    private static long roundedUp(long bytes) {
        return (bytes + bytes / 16) / MIB + 1;
    }

    private static String mib(long bytes) {
        return (bytes + MIB - 1) / MIB + " MiB";
    }
}
