package io.kvd.server.runtime;

import io.kvd.server.admin.AdminServer;
import io.kvd.server.admin.Page;
import io.kvd.server.runtime.config.HostPort;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The port for operators with its threads, if there is to be one. */
final class AdminPort implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AdminPort.class);

    /** A slow reader must not keep a health check from its answer. */
    private static final int THREADS = 4;

    private static final int MAX_QUEUED = 64;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_QUEUED),
            Threads.numbered("admin"));
    /** At most one. */
    private final List<AdminServer> server;

    private AdminPort(List<HostPort> address) {
        threads.allowCoreThreadTimeOut(true);
        this.server = address.stream().map(this::bind).toList();
    }

    /** Binds the address if there is one; answers from {@link #serve} on. */
    static AdminPort listen(List<HostPort> address) {
        return new AdminPort(address);
    }

    private AdminServer bind(HostPort address) {
        try {
            return AdminServer.listen(
                    new InetSocketAddress(address.host(), address.port()), threads);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCode.USAGE,
                    "cannot listen on " + address + " for administration: " + e.getMessage(),
                    "metrics and health checks have a port of their own, listen.admin",
                    "another listen.admin, or listen.admin = none");
        }
    }

    void serve(Map<String, Page> pages) {
        for (AdminServer one : server) {
            one.start(pages);
            log.info("serves metrics and health on http:/{}", one.address());
        }
    }

    @Override
    public void close() {
        server.forEach(AdminServer::close);
        threads.shutdownNow();
    }
}
