package io.kvd.server.metrics;

import java.util.List;

/**
 * Every metric of a node, one line each: name and labels, kind, meaning. docs/metrics.md, the Prometheus text and JMX
 * come from this list; a metric is added by adding a line and handing {@link NodeMetrics} its value.
 *
 * <p>Names are {@code room.noun.unit}. Inside, durations are nanoseconds; what is exported is in seconds and bytes.
 */
public enum ServerMetric {
    RAFT_TURNS("raft.turns.count", Kind.COUNTER, "Turns of the raft loop, with input or without."),
    RAFT_TURN(
            "raft.turn.nanos",
            Kind.DISTRIBUTION,
            "A turn of the raft loop that had input, from its begin until its work was handed out."),
    RAFT_TURN_INPUTS(
            "raft.turn.inputs",
            Kind.DISTRIBUTION,
            "Inputs that a turn took in: read events of clients and peers, answers of other threads."),
    RAFT_LEADER("raft.leader.flag", Kind.GAUGE, "1 while this node leads its group, 0 otherwise."),
    RAFT_LEADER_KNOWN(
            "raft.leader_known.flag",
            Kind.GAUGE,
            "1 while this node leads or knows who does, 0 otherwise."),
    RAFT_TERM("raft.term.number", Kind.GAUGE, "The node's term."),
    RAFT_COMMIT_INDEX("raft.commit.index", Kind.GAUGE, "The highest entry known to be committed."),
    RAFT_APPLIED_INDEX("raft.applied.index", Kind.GAUGE, "The highest entry executed here."),
    RAFT_LAST_INDEX("raft.last.index", Kind.GAUGE, "The highest entry in this node's log."),
    RAFT_APPLY_LAG(
            "raft.apply_lag.entries", Kind.GAUGE, "Entries committed and not executed here yet."),
    RAFT_UNCOMMITTED(
            "raft.uncommitted.bytes",
            Kind.GAUGE,
            "Entries in the leader's log that are not committed yet; 0 on other nodes."),
    RAFT_ELECTIONS("raft.elections.count", Kind.COUNTER, "Elections that this node stood for."),
    RAFT_LEADERSHIPS("raft.leaderships.count", Kind.COUNTER, "Elections that this node won."),
    RAFT_LEADER_CHANGES(
            "raft.leader_changes.count",
            Kind.COUNTER,
            "How often this node learned of another leader than before, itself included."),

    REQUEST_TOTAL(
            "request.total.nanos{op}",
            Kind.DISTRIBUTION,
            "A request that was carried out, from its arrival until its answer left: writes, reads, counts."),
    REQUEST_STAGE(
            "request.stage.nanos{op,stage}",
            Kind.DISTRIBUTION,
            "Where that time went. A write is queued for its turn, persisted here, replicated to a quorum, applied,"
                    + " replied; a read or a count is confirmed (queued, its round answered by a quorum, and room made"
                    + " for its answer), read,"
                    + " replied."),
    REQUEST_SLOW(
            "request.slow.count",
            Kind.COUNTER,
            "Requests that took as long as log.slow-request or longer."),
    REQUEST_UNSERVED(
            "request.unserved.count",
            Kind.COUNTER,
            "Answers without a result: not the leader, no leader, busy, no space, outcome unknown, deadline passed;"
                    + " and those to kvctl status."),

    LOG_PERSIST(
            "log.persist.nanos",
            Kind.DISTRIBUTION,
            "One log batch, written and fsynced: what no acknowledgement comes before."),
    LOG_BATCH_ENTRIES(
            "log.batch.entries",
            Kind.DISTRIBUTION,
            "Entries of a log batch that has some; each batch is one fsync."),
    LOG_BATCH_BYTES("log.batch.bytes", Kind.DISTRIBUTION, "Bytes of a log batch that has entries."),
    LOG_LOAD(
            "log.load.nanos",
            Kind.DISTRIBUTION,
            "Entries read back from the log, for a member that lags or for apply."),
    LOG_SIZE("log.size.bytes", Kind.GAUGE, "Bytes of the entries that the log keeps."),
    LOG_CUTS("log.cuts.count", Kind.COUNTER, "How often the log's beginning was cut away."),

    SNAPSHOTS_SENT(
            "snapshots.sent.count",
            Kind.COUNTER,
            "Snapshots that this node sent as leader and the member installed."),
    SNAPSHOTS_INSTALLED(
            "snapshots.installed.count",
            Kind.COUNTER,
            "Snapshots that this node took in and installed."),
    SNAPSHOTS_GIVEN_UP(
            "snapshots.given_up.count",
            Kind.COUNTER,
            "Transfers that this node gave up, as sender or receiver; the log says why."),

    APPLY_BATCH(
            "apply.batch.nanos",
            Kind.DISTRIBUTION,
            "One state batch: entries executed, rows, replies and hash written."),
    APPLY_BATCH_ENTRIES("apply.batch.entries", Kind.DISTRIBUTION, "Entries of one state batch."),
    STATE_FLUSH(
            "state.flush.nanos",
            Kind.DISTRIBUTION,
            "The state made durable, so that the log before it can be cut."),
    SESSIONS_OPEN("sessions.open.count", Kind.GAUGE, "Client sessions that are open."),
    STORE_REVISION("store.revision.number", Kind.GAUGE, "The revision of the last applied write."),

    PEER_CONNECTED(
            "peer.connected.flag{peer}",
            Kind.GAUGE,
            "1 while this node's connection to the member is up, 0 otherwise."),
    PEER_LAG(
            "peer.lag.entries{peer}",
            Kind.GAUGE,
            "Entries of the leader's log that the member has not acknowledged; 0 unless this node leads."),
    PEER_SILENCE(
            "peer.silence.nanos{peer}",
            Kind.GAUGE,
            "Since the member last answered this leader; 0 unless this node leads."),
    PEER_WINDOW(
            "peer.window.bytes{peer}",
            Kind.GAUGE,
            "Entries on their way to the member and not answered yet; 0 unless this node leads."),
    PEER_DROPPED(
            "peer.dropped.count",
            Kind.COUNTER,
            "Messages to or from members that were dropped; Raft sends again."),

    CLIENTS_CONNECTED("clients.connected.count", Kind.GAUGE, "Client connections."),
    ADMISSION_HELD(
            "admission.held.bytes",
            Kind.GAUGE,
            "What requests and unsent answers hold of limits.in-flight."),
    ADMISSION_LIMIT("admission.limit.bytes", Kind.GAUGE, "limits.in-flight."),
    ADMISSION_REFUSED(
            "admission.refused.count",
            Kind.COUNTER,
            "Requests answered BUSY because limits.in-flight was used up."),
    ANSWERS_HELD(
            "answers.held.bytes",
            Kind.GAUGE,
            "What answers to reads hold of limits.answers, from before they are made until they left."),
    ANSWERS_LIMIT("answers.limit.bytes", Kind.GAUGE, "limits.answers."),
    READS_WAITING(
            "reads.waiting.count",
            Kind.GAUGE,
            "Reads that wait for room for their answers, and counts."),

    ROCKSDB_FILES("rocksdb.files.bytes{db}", Kind.GAUGE, "SST files of the log or the state."),
    ROCKSDB_MEMTABLES(
            "rocksdb.memtables.bytes{db}",
            Kind.GAUGE,
            "Write buffers, those being flushed included."),
    ROCKSDB_CACHE("rocksdb.cache.bytes{db}", Kind.GAUGE, "Blocks in the cache."),
    ROCKSDB_CACHE_HITS(
            "rocksdb.cache_hits.count{db}", Kind.COUNTER, "Blocks that were found in the cache."),
    ROCKSDB_CACHE_MISSES(
            "rocksdb.cache_misses.count{db}",
            Kind.COUNTER,
            "Blocks that were not, and came from the disk or the page cache."),
    ROCKSDB_FLUSHED("rocksdb.flushed.bytes{db}", Kind.COUNTER, "Written by flushes."),
    ROCKSDB_COMPACTED("rocksdb.compacted.bytes{db}", Kind.COUNTER, "Written by compactions."),
    ROCKSDB_COMPACTION_PENDING(
            "rocksdb.compaction_pending.bytes{db}",
            Kind.GAUGE,
            "What compaction has yet to rewrite."),
    ROCKSDB_COMPACTIONS(
            "rocksdb.compactions_running.count{db}", Kind.GAUGE, "Compactions that are running."),
    ROCKSDB_HELD_UP(
            "rocksdb.writes_held_up.flag{db}",
            Kind.GAUGE,
            "1 while RocksDB slows down or stops writes, 0 otherwise."),
    ROCKSDB_STALL("rocksdb.stall.nanos{db}", Kind.COUNTER, "How long RocksDB held writes up."),

    DISK_FREE("disk.free.bytes", Kind.GAUGE, "Free space under node.data-dir."),
    DISK_LOW(
            "disk.low.flag",
            Kind.GAUGE,
            "1 while writes are refused because free space is below storage.min-free."),

    JVM_HEAP("jvm.heap.bytes{state}", Kind.GAUGE, "The Java heap: used, committed, max."),
    JVM_DIRECT("jvm.direct.bytes", Kind.GAUGE, "Direct buffers of the JVM, Netty's aside."),
    JVM_GC_TIME("jvm.gc.nanos{collector}", Kind.COUNTER, "Time spent in garbage collection."),
    JVM_GC_COUNT("jvm.gc_runs.count{collector}", Kind.COUNTER, "Garbage collections."),
    JVM_THREADS("jvm.threads.count", Kind.GAUGE, "Live threads."),
    PROCESS_CPU("process.cpu.nanos", Kind.COUNTER, "Processor time of the process."),
    PROCESS_FILES("process.open_files.count", Kind.GAUGE, "Open file descriptors."),
    PROCESS_UPTIME("process.uptime.nanos", Kind.GAUGE, "Since the JVM started."),
    PROCESS_INFO("process.info.flag{node,version}", Kind.GAUGE, "Always 1: who this is.");

    /** What a value can do. */
    public enum Kind {
        /** Only grows; begins at 0 with the process. */
        COUNTER("counter"),
        /** Goes up and down. */
        GAUGE("gauge"),
        /** Many values, of which the number, the sum and the share below each bound are told. */
        DISTRIBUTION("histogram");

        private final String exported;

        Kind(String exported) {
            this.exported = exported;
        }

        /** Prometheus's word for it. */
        String exported() {
            return exported;
        }
    }

    private static final String NANOS = ".nanos";

    private final String base;
    /** Between commas. */
    private final String labels;

    private final Kind kind;
    private final String meaning;

    ServerMetric(String name, Kind kind, String meaning) {
        int brace = name.indexOf('{');
        this.base = brace < 0 ? name : name.substring(0, brace);
        this.labels = brace < 0 ? "" : name.substring(brace + 1, name.length() - 1);
        this.kind = kind;
        this.meaning = meaning;
    }

    /** Its name inside, without labels. */
    public String base() {
        return base;
    }

    /** The labels that every value of it has, in order. */
    public List<String> labels() {
        return labels.isEmpty() ? List.of() : List.of(labels.split(","));
    }

    public Kind kind() {
        return kind;
    }

    /** One sentence or a few. */
    public String meaning() {
        return meaning;
    }

    /** Its name for Prometheus: {@code kvd_}, base units, counters with {@code _total}. */
    public String exportedName() {
        String name = base;
        for (String unitless : List.of(".count", ".flag", ".number")) {
            name = name.endsWith(unitless)
                    ? name.substring(0, name.length() - unitless.length())
                    : name;
        }
        if (name.endsWith(NANOS)) {
            name = name.substring(0, name.length() - NANOS.length()) + ".seconds";
        }
        String suffix = kind == Kind.COUNTER ? "_total" : "";
        return "kvd_" + name.replace('.', '_') + suffix;
    }

    /** The unit of what is exported. */
    public String exportedUnit() {
        String unit = base.substring(base.lastIndexOf('.') + 1);
        return switch (unit) {
            case "nanos" -> "seconds";
            case "flag" -> "0 or 1";
            default -> unit;
        };
    }

    /** What a value inside is divided by for {@link #exportedName}. */
    double exportedDivisor() {
        return base.endsWith(NANOS) ? 1e9 : 1;
    }

    /** The upper bounds of an exported distribution, in the unit inside. */
    long[] bounds() {
        if (base.endsWith(NANOS)) {
            return Bounds.NANOS;
        }
        return base.endsWith(".bytes") ? Bounds.BYTES : Bounds.COUNTS;
    }

    /** Bounds are the same for all metrics of a unit, so that they can be compared and added up. */
    private static final class Bounds {
        private static final long[] NANOS = {
            25_000L,
            50_000L,
            100_000L,
            250_000L,
            500_000L,
            1_000_000L,
            2_500_000L,
            5_000_000L,
            10_000_000L,
            25_000_000L,
            50_000_000L,
            100_000_000L,
            250_000_000L,
            500_000_000L,
            1_000_000_000L,
            2_500_000_000L,
            10_000_000_000L
        };
        private static final long[] COUNTS = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096};
        private static final long[] BYTES = {
            1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22
        };
    }
}
