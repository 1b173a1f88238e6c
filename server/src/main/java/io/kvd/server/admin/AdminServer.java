package io.kvd.server.admin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * HTTP for operators and their tools: a page for each path, read only. The JDK's own server, since pages may wait and
 * so must not run on net threads (docs/adr/0004). Bound first, since a port that is taken must be known before
 * anything is written; answers from {@link #start} on.
 */
public final class AdminServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

    private static final int BACKLOG = 64;

    /** The JDK's server has no other way to be told. Without a bound, who never ends a request keeps a thread. */
    private static final Map<String, String> JDK_SETTINGS = Map.of(
            "sun.net.httpserver.maxReqTime", "10",
            "sun.net.httpserver.maxRspTime", "30",
            "sun.net.httpserver.nodelay", "true");

    private final HttpServer server;

    private AdminServer(HttpServer server) {
        this.server = server;
    }

    /**
     * Binds the address; connections wait in the kernel until {@link #start}.
     *
     * @param threads runs the pages
     * @throws IOException if it can't be bound
     */
    public static AdminServer listen(InetSocketAddress address, Executor threads)
            throws IOException {
        JDK_SETTINGS.forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
        HttpServer server = HttpServer.create(address, BACKLOG);
        server.setExecutor(threads);
        return new AdminServer(server);
    }

    /** With the port if 0 was asked for. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** @param pages by path */
    public void start(Map<String, Page> pages) {
        Map<String, Page> byPath = new TreeMap<>(pages);
        server.createContext("/", exchange -> serve(exchange, byPath));
        server.start();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private static void serve(HttpExchange exchange, Map<String, Page> pages) throws IOException {
        try (exchange) {
            Page.Answer answer = answer(exchange, pages);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), isHead ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Page.Answer answer(HttpExchange exchange, Map<String, Page> pages) {
        String method = exchange.getRequestMethod();
        if (!method.equals("GET") && !method.equals("HEAD")) {
            return Page.plain(405, "only GET and HEAD\n");
        }
        Page page = pages.get(exchange.getRequestURI().getPath());
        if (page == null) {
            return Page.plain(404, "pages: " + String.join(" ", pages.keySet()) + "\n");
        }
        try {
            return page.answer();
        } catch (RuntimeException e) {
            // An operator's page that fails is no reason to stop a node.
            log.warn("admin page {} failed", exchange.getRequestURI().getPath(), e);
            return Page.plain(500, "failed: " + e + "\n");
        }
    }
}
