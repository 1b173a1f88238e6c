package io.kvd.server.runtime.config;

import io.kvd.server.runtime.config.ConfigKey.Constant;
import io.kvd.server.runtime.config.ConfigKey.Derived;
import io.kvd.server.runtime.config.ServerConfig.Insecure;
import io.kvd.server.runtime.config.ServerConfig.LogFormat;
import io.kvd.server.runtime.config.ServerConfig.LogLevel;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The table of all keys. Reading, checking, {@code kvd config reference}, docs/config.md, the files in conf/ and the
 * nearest-name suggestion come from it. A key is here because somebody would change it; everything else is a constant.
 */
final class ConfigKeys {
    static final String DEFAULT_ADDRESS = "127.0.0.1:7400";

    static final ConfigKey<String> NODE_NAME = new ConfigKey<>(
            "node.name",
            ValueTypes.name(),
            new Constant("n1"),
            "Name of this node, unique in the cluster. Its rank among the names in cluster.peers, sorted, is the"
                    + " node's id for ever: never rename a node that has data.",
            config -> config.node().name());

    static final ConfigKey<Path> NODE_DATA_DIR = new ConfigKey<>(
            "node.data-dir",
            ValueTypes.directory(),
            new Derived("./data/<node.name>"),
            "Where this node keeps everything. Made at the first start; belongs to one node and is never shared.",
            config -> config.node().dataDir());

    static final ConfigKey<HostPort> LISTEN_ADDRESS = new ConfigKey<>(
            "listen.address",
            ValueTypes.address(),
            new Derived("this node's address in cluster.peers, else " + DEFAULT_ADDRESS),
            "The one port for clients and members. Set it if it differs from the address the others use,"
                    + " such as 0.0.0.0:7400.",
            config -> config.listen().address());

    static final ConfigKey<HostPort> LISTEN_ADVERTISE = new ConfigKey<>(
            "listen.advertise",
            ValueTypes.address(),
            new Derived("this node's address in cluster.peers"),
            "Where clients are told to find this node. Set it if they reach it under another address than the members"
                    + " do: behind a port mapping, a tunnel, or names that only members can look up.",
            config -> config.listen().advertise());

    static final ConfigKey<List<HostPort>> LISTEN_ADMIN = new ConfigKey<>(
            "listen.admin",
            ValueTypes.addressOrNone(),
            new Derived("127.0.0.1, and the port of listen.address plus 2; none with --listen"),
            "The port for operators: HTTP, with metrics, health checks and status. Read only; tells no keys and no"
                    + " values.",
            config -> config.listen().admin());

    static final ConfigKey<Insecure> LISTEN_INSECURE = new ConfigKey<>(
            "listen.insecure",
            ValueTypes.choice(Insecure.class),
            new Constant("refuse"),
            "Whether to listen beyond this machine although everyone who reaches the port can read and write"
                    + " everything; --insecure-listen stands for allow.",
            config -> config.listen().insecure());

    static final ConfigKey<String> CLUSTER_NAME = new ConfigKey<>(
            "cluster.name",
            ValueTypes.name(),
            new Constant("kvd"),
            "Name of the cluster, the same on all members, for ever.",
            config -> config.cluster().name());

    static final ConfigKey<List<Peer>> CLUSTER_PEERS = new ConfigKey<>(
            "cluster.peers",
            new PeerList(),
            new Derived("this node alone"),
            "Every initial member, this node too, the same on all members: a cluster is not born while lists differ."
                    + " Afterwards it knows its members itself. A member that moves is told its new address here, and"
                    + " tells the others; names and their number stay as they were.",
            config -> config.cluster().peers());

    static final ConfigKey<Long> RAFT_ELECTION_TIMEOUT = new ConfigKey<>(
            "raft.election-timeout",
            Quantity.duration("20 ms", "1 m"),
            new Constant("1 s"),
            "A follower that hears nothing from a leader for this long, up to twice as long by lot, stands for"
                    + " election. Longer than raft.heartbeat, and than the slowest fsync.",
            config -> config.raft().electionTimeoutMs());

    static final ConfigKey<Long> RAFT_HEARTBEAT = new ConfigKey<>(
            "raft.heartbeat",
            Quantity.duration("10 ms", "10 s"),
            new Constant("100 ms"),
            "A leader that has sent a member nothing for this long sends a heartbeat.",
            config -> config.raft().heartbeatMs());

    static final ConfigKey<Long> RAFT_LOG_RETAIN = new ConfigKey<>(
            "raft.log-retain",
            Quantity.size("16 MiB", "1 TiB"),
            new Constant("256 MiB"),
            "How much log is kept for members that lack it. A member further behind gets a snapshot of the state;"
                    + " until it has caught up, four times as much is kept for it, or more if the snapshot is large.",
            config -> config.raft().logRetainBytes());

    static final ConfigKey<Long> RAFT_SNAPSHOT_RATE = new ConfigKey<>(
            "raft.snapshot-rate",
            Quantity.size("64 KiB", "64 GiB"),
            new Constant("64 MiB"),
            "How much of a snapshot is sent in a second at most.",
            config -> config.raft().snapshotBytesPerSecond());

    static final ConfigKey<Long> STORAGE_MEMORY = new ConfigKey<>(
            "storage.memory",
            Quantity.size("16 MiB", "1 TiB"),
            new Constant("128 MiB"),
            "Memory for RocksDB, outside the Java heap: block cache and memtables together.",
            config -> config.storage().memoryBytes());

    static final ConfigKey<Long> STORAGE_ROW_CACHE = new ConfigKey<>(
            "storage.row-cache",
            Quantity.size("1 MiB", "16 GiB"),
            new Derived("an eighth of the heap or of the direct memory, at most 64 MiB"),
            "Java heap for what a write has to know of the row that it replaces: some 80 bytes and the key for each"
                    + " of the keys written last. Of others it is read, which costs more than all else of a write.",
            config -> config.storage().rowCacheBytes());

    static final ConfigKey<Long> STORAGE_MIN_FREE = new ConfigKey<>(
            "storage.min-free",
            Quantity.size("1 MiB", "1 TiB"),
            new Constant("256 MiB"),
            "With less free space than this under node.data-dir, writes are refused; reads and deletes go on, and no log"
                    + " is kept for members that lack it. Writes come back at a quarter more.",
            config -> config.storage().minFreeBytes());

    static final ConfigKey<Long> LIMITS_KEY = new ConfigKey<>(
            "limits.key",
            Quantity.size("1 B", "1 MiB"),
            new Constant("64 KiB"),
            "Largest key.",
            config -> (long) config.limits().keyBytes());

    static final ConfigKey<Long> LIMITS_VALUE = new ConfigKey<>(
            "limits.value",
            Quantity.size("1 B", "32 MiB"),
            new Constant("1536 KiB"),
            "Largest value.",
            config -> (long) config.limits().valueBytes());

    static final ConfigKey<Long> LIMITS_REQUEST = new ConfigKey<>(
            "limits.request",
            Quantity.size("1 KiB", "64 MiB"),
            new Derived("limits.key and limits.value together, and 1 KiB"),
            "Largest request, keys and values and all the rest together.",
            config -> (long) config.limits().requestBytes());

    static final ConfigKey<Long> LIMITS_IN_FLIGHT = new ConfigKey<>(
            "limits.in-flight",
            Quantity.size("1 MiB", "16 GiB"),
            new Derived(
                    "a sixteenth of the heap or of the direct memory, at most 64 MiB, and not less than limits.request takes"),
            "Bytes of requests that may be waiting for their answers; above it clients are told BUSY. A connection"
                    + " that has some gets no more than half of what the others leave.",
            config -> config.limits().inFlightBytes());

    static final ConfigKey<Long> LIMITS_ANSWERS = new ConfigKey<>(
            "limits.answers",
            Quantity.size("1 MiB", "16 GiB"),
            new Derived("an eighth of the heap or of the direct memory, at most 256 MiB"),
            "Bytes of answers to reads, from before they are made until clients have taken them; reads beyond it wait"
                    + " until others' answers left. A connection that has some gets no more than half of what the"
                    + " others leave.",
            config -> config.limits().answerBytes());

    static final ConfigKey<Long> LIMITS_CLIENTS = new ConfigKey<>(
            "limits.clients",
            Quantity.count(1, 65_536),
            new Derived("one for each 128 KiB of the heap, at most 4096"),
            "Clients that may be connected. Another one takes the place of the one that has been idle longest; if none"
                    + " is idle, it may only ask for status and figures.",
            config -> config.limits().clients());

    static final ConfigKey<Long> LIMITS_CLIENTS_PER_ADDRESS = new ConfigKey<>(
            "limits.clients-per-address",
            Quantity.count(1, 65_536),
            new Derived("half of limits.clients"),
            "How many of them may come from one address (IPv6: from one /64). Raise it if many reach this node through"
                    + " one proxy.",
            config -> config.limits().clientsPerAddress());

    static final ConfigKey<LogLevel> LOG_LEVEL = new ConfigKey<>(
            "log.level",
            ValueTypes.choice(LogLevel.class),
            new Constant("info"),
            "The least severe messages that are written to the standard error.",
            config -> config.log().level());

    static final ConfigKey<LogFormat> LOG_FORMAT = new ConfigKey<>(
            "log.format",
            ValueTypes.choice(LogFormat.class),
            new Constant("text"),
            "One message a line, as text for people or as a JSON object for programs.",
            config -> config.log().format());

    static final ConfigKey<Long> LOG_SLOW_REQUEST = new ConfigKey<>(
            "log.slow-request",
            Quantity.duration("1 ms", "1 h"),
            new Constant("500 ms"),
            "A request that takes as long is logged by kvd.slow, with the time of each stage; ten lines a second at"
                    + " most.",
            config -> config.log().slowRequestMs());

    /** Every key, in the order of the reference. */
    static final List<ConfigKey<?>> ALL = List.of(
            NODE_NAME,
            NODE_DATA_DIR,
            LISTEN_ADDRESS,
            LISTEN_ADVERTISE,
            LISTEN_ADMIN,
            LISTEN_INSECURE,
            CLUSTER_NAME,
            CLUSTER_PEERS,
            RAFT_ELECTION_TIMEOUT,
            RAFT_HEARTBEAT,
            RAFT_LOG_RETAIN,
            RAFT_SNAPSHOT_RATE,
            STORAGE_MEMORY,
            STORAGE_ROW_CACHE,
            STORAGE_MIN_FREE,
            LIMITS_KEY,
            LIMITS_VALUE,
            LIMITS_REQUEST,
            LIMITS_IN_FLIGHT,
            LIMITS_ANSWERS,
            LIMITS_CLIENTS,
            LIMITS_CLIENTS_PER_ADDRESS,
            LOG_LEVEL,
            LOG_FORMAT,
            LOG_SLOW_REQUEST);

    private ConfigKeys() {}

    static Optional<ConfigKey<?>> byPath(String path) {
        return ALL.stream().filter(key -> key.path().equals(path)).findFirst();
    }

    static Optional<ConfigKey<?>> byVariable(String variable) {
        return ALL.stream().filter(key -> key.variable().equals(variable)).findFirst();
    }

    /** Whether some keys begin with the name and a dot. */
    static boolean isSection(String path) {
        return ALL.stream().anyMatch(key -> key.path().startsWith(path + "."));
    }
}
