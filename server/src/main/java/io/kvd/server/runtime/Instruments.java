package io.kvd.server.runtime;

import com.codahale.metrics.jmx.JmxReporter;

import io.kvd.core.node.LogStore;
import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.ReadLine;
import io.kvd.server.admin.Page;
import io.kvd.server.admin.StatusPage;
import io.kvd.server.metrics.EventMetrics;
import io.kvd.server.metrics.Figures;
import io.kvd.server.metrics.JvmMetrics;
import io.kvd.server.metrics.NodeMetrics;
import io.kvd.server.metrics.NodeState;
import io.kvd.server.metrics.PrometheusText;
import io.kvd.server.metrics.RequestMeter;
import io.kvd.server.metrics.ServerMetric;
import io.kvd.server.net.NetServer;
import io.kvd.server.runtime.config.Peer;
import io.kvd.server.runtime.config.ServerConfig;
import io.kvd.server.storage.RocksDbNumbers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** All that watches a node: its metrics, and the pages that show them. */
final class Instruments implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Instruments.class);

    private static final int ADVANCE_SECONDS = 10;

    private final ServerConfig config;
    private final ServerFacts facts;
    private final long startNanos = System.nanoTime();
    private final NodeMetrics metrics = new NodeMetrics();
    private final EventMetrics events = new EventMetrics(metrics);
    private final LoopMeter loops = new LoopMeter(metrics);
    private final RequestMeter requests;
    private final ScheduledExecutorService scheduler =
            Executors.newSingleThreadScheduledExecutor(Threads.numbered("metrics"));
    /** Local only: no port is opened for it. */
    private final JmxReporter jmx =
            JmxReporter.forRegistry(metrics.registry()).inDomain("kvd").build();

    private final List<StorageMetrics> storage = new CopyOnWriteArrayList<>();
    /** Of the metrics thread. */
    private int looks;

    Instruments(ServerConfig config, ServerFacts facts) {
        this.config = config;
        this.facts = facts;
        this.requests = new RequestMeter(
                metrics, TimeUnit.MILLISECONDS.toNanos(config.log().slowRequestMs()));
        JvmMetrics.register(metrics);
        metrics.read(
                ServerMetric.PROCESS_INFO, () -> 1, config.node().name(), VersionCommand.version());
        watchReplica();
        jmx.start();
    }

    NodeMetrics metrics() {
        return metrics;
    }

    RequestMeter requests() {
        return requests;
    }

    NodeEvents events() {
        return events;
    }

    LoopMeter loops() {
        return loops;
    }

    private void watchReplica() {
        read(ServerMetric.RAFT_LEADER, () -> loops.state().leads() ? 1 : 0);
        read(ServerMetric.RAFT_LEADER_KNOWN, () -> loops.state().leaderId() == 0 ? 0 : 1);
        read(ServerMetric.RAFT_TERM, () -> loops.state().term());
        read(ServerMetric.RAFT_COMMIT_INDEX, () -> loops.state().indexes().commit());
        read(ServerMetric.RAFT_APPLIED_INDEX, () -> loops.state().indexes().applied());
        read(ServerMetric.RAFT_LAST_INDEX, () -> loops.state().indexes().last());
        read(ServerMetric.RAFT_APPLY_LAG, () -> loops.state().applyLagEntries());
        read(ServerMetric.RAFT_UNCOMMITTED, () -> loops.state().uncommittedBytes());
    }

    void watch(NetServer net) {
        read(ServerMetric.CLIENTS_CONNECTED, net::clientCount);
        read(ServerMetric.ADMISSION_HELD, () -> net.admission().heldBytes());
        read(ServerMetric.ADMISSION_REFUSED, () -> net.admission().refusedCount());
        read(ServerMetric.ADMISSION_LIMIT, () -> config.limits().inFlightBytes());
        int tickNanos = config.raft().options().tickMs() * 1_000_000;
        for (Peer peer : config.cluster().peers()) {
            long id = peer.nodeId();
            if (id != config.node().id()) {
                metrics.read(
                        ServerMetric.PEER_CONNECTED,
                        () -> net.transport().isConnected(id) ? 1 : 0,
                        peer.name());
                metrics.read(ServerMetric.PEER_LAG, () -> loops.state().lagOf(id), peer.name());
                metrics.read(
                        ServerMetric.PEER_WINDOW, () -> loops.state().windowOf(id), peer.name());
                metrics.read(
                        ServerMetric.PEER_SILENCE,
                        () -> loops.state().silentTicksOf(id) * tickNanos,
                        peer.name());
            }
        }
    }

    void watch(ReadLine line) {
        read(ServerMetric.ANSWERS_HELD, line::heldBytes);
        read(ServerMetric.ANSWERS_LIMIT, () -> config.limits().answerBytes());
        read(ServerMetric.READS_WAITING, line::waiting);
    }

    void watch(LogStore log, long groupId) {
        read(ServerMetric.LOG_SIZE, () -> log.sizeBytes(groupId));
    }

    /** @param source asked once a second, on the metrics thread */
    void watch(String database, Supplier<RocksDbNumbers> source) {
        storage.add(new StorageMetrics(metrics, database, source));
    }

    /** Once a second from now on; what is returned ends it, and is closed before what is looked at. */
    AutoCloseable startLooking() {
        var unused = scheduler.scheduleWithFixedDelay(this::look, 0, 1, TimeUnit.SECONDS);
        return () -> {
            scheduler.shutdown();
            scheduler.awaitTermination(1, TimeUnit.MINUTES);
        };
    }

    private void look() {
        try {
            storage.forEach(StorageMetrics::look);
            facts.measure(() -> Figures.of(metrics));
            if (++looks % ADVANCE_SECONDS == 0) {
                metrics.advance();
            }
        } catch (RuntimeException e) {
            // The top of this thread: a node that can't be measured still serves.
            log.warn("measuring failed", e);
        }
    }

    void watch(DiskWatch disk) {
        read(ServerMetric.DISK_FREE, disk::freeBytes);
        read(ServerMetric.DISK_LOW, () -> disk.isLow() ? 1 : 0);
    }

    /** The pages of the admin port, by path. */
    Map<String, Page> pages(LongSupplier logBytes, DiskWatch disk) {
        return Map.of(
                "/metrics",
                () -> new Page.Answer(200, PrometheusText.CONTENT_TYPE, PrometheusText.of(metrics)),
                "/health/live",
                Page.healthy(() -> ""),
                "/health/ready",
                Page.healthy(this::notReadyBecause),
                "/status",
                Page.json(() -> StatusPage.json(facts(logBytes.getAsLong(), disk))));
    }

    private String notReadyBecause() {
        return loops.state().notReadyBecause(System.nanoTime());
    }

    private StatusPage.Facts facts(long logBytes, DiskWatch disk) {
        NodeState state = loops.state();
        Map<Long, String> members = new TreeMap<>();
        config.cluster().peers().forEach(peer -> members.put(peer.nodeId(), peer.name()));
        return new StatusPage.Facts(
                config.node().id(),
                facts.program(),
                facts.clusterId().toHex(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos),
                notReadyBecause(),
                disk.isLow() ? List.of("NO_SPACE") : List.of(),
                members,
                state,
                new StatusPage.Sizes(loops.revision(), loops.sessions(), logBytes),
                config.raft().options().tickMs());
    }

    private void read(ServerMetric metric, LongSupplier value) {
        metrics.read(metric, value);
    }

    @Override
    public void close() {
        jmx.close();
        scheduler.shutdown();
    }
}
