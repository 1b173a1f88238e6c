package io.kvd.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

class AdminServerTest {
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<String> problem = new AtomicReference<>("");
    private AdminServer server;

    AdminServerTest() throws IOException {
        server = AdminServer.listen(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), threads);
    }

    @BeforeEach
    void start() {
        server.start(Map.of(
                "/text", Page.text(() -> "hello\n"),
                "/json", Page.json(() -> "{}"),
                "/health", Page.healthy(problem::get),
                "/broken",
                        Page.text(() -> {
                            throw new IllegalStateException("no luck");
                        })));
    }

    @AfterEach
    void stop() {
        server.close();
        threads.shutdownNow();
    }

    @Test
    void eachPathAnswersWithItsPage() throws Exception {
        assertThat(get("/text").body()).isEqualTo("hello\n");
        assertThat(get("/json").headers().firstValue("Content-Type").orElseThrow())
                .startsWith("application/json");
    }

    @Test
    void healthIs200OrSaysWhyNot() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);

        problem.set("no leader is known");

        assertThat(get("/health").statusCode()).isEqualTo(503);
        assertThat(get("/health").body()).isEqualTo("no leader is known\n");
    }

    @Test
    void anUnknownPathIsToldThePagesThereAre() throws Exception {
        assertThat(get("/nope").statusCode()).isEqualTo(404);
        assertThat(get("/nope").body()).contains("/health", "/json", "/text");
    }

    @Test
    void aPageThatFailsIsA500AndTheNextOneWorks() throws Exception {
        assertThat(get("/broken").statusCode()).isEqualTo(500);
        assertThat(get("/text").statusCode()).isEqualTo(200);
    }

    @Test
    void nothingCanBeChangedFromHere() throws Exception {
        HttpRequest post =
                request("/text").POST(HttpRequest.BodyPublishers.ofString("x")).build();

        assertThat(client.send(post, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(405);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
    }
}
