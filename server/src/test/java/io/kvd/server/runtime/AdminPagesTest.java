package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kvd.server.metrics.ServerMetric;
import io.kvd.server.runtime.config.ConfigLoader;
import io.kvd.server.runtime.config.ConfigSources;
import io.kvd.server.runtime.config.ConfigSources.Assignment;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.management.ObjectName;

/** The admin port of a whole node. */
class AdminPagesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory = Path.of("");

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<RunningServer> running = new ArrayList<>();
    private String admin = "";

    @BeforeEach
    void start() throws IOException {
        List<Integer> ports = freePorts();
        admin = "127.0.0.1:" + ports.get(1);
        ConfigSources sources = ConfigSources.none()
                .with(set("listen.address", "127.0.0.1:" + ports.get(0)))
                .with(set("listen.admin", admin))
                .with(set("cluster.peers", "n1=127.0.0.1:" + ports.get(0)))
                .with(set("node.data-dir", directory.resolve("n1").toString()));
        running.add(
                Server.start(ConfigLoader.load(sources).config(), new Halt(() -> {}, code -> {})));
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (RunningServer server : running) {
            server.requestStop();
            server.awaitEnd();
            server.close();
        }
    }

    @Test
    void aClusterOfOneBecomesReady() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);

        await().atMost(PATIENCE).until(() -> get("/health/ready").statusCode() == 200);

        assertThat(get("/status").body())
                .contains(
                        "\"name\":\"n1\"",
                        "\"role\":\"leader\"",
                        "\"ready\":true",
                        "\"alarms\":[]");
    }

    /** Whoever adds a line to the list and never a value is told here. */
    @Test
    void everyMetricOfTheListHasAValue() throws Exception {
        String text = get("/metrics").body();

        for (ServerMetric metric : ServerMetric.values()) {
            boolean needsPeers = metric.labels().contains("peer");
            if (!needsPeers) {
                assertThat(text).contains("# TYPE " + metric.exportedName() + " ");
            }
        }
    }

    @Test
    void theSameValuesAreBeans() throws Exception {
        var beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName turns = new ObjectName("kvd:name=raft.turns.count,type=gauges");

        assertThat(beans.isRegistered(turns)).isTrue();
        assertThat(beans.queryNames(new ObjectName("kvd:*"), null))
                .anyMatch(bean -> bean.toString().contains("queued"));
        stop();
        running.clear();

        assertThat(beans.queryNames(new ObjectName("kvd:*"), null)).isEmpty();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + admin + path)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static Assignment set(String path, String value) {
        return new Assignment("--set", path, value);
    }

    private static List<Integer> freePorts() throws IOException {
        try (ServerSocket one = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return List.of(one.getLocalPort(), other.getLocalPort());
        }
    }
}
