package io.kvd.server.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The net threads, each with the connections that it owns. */
final class NetLoops {
    /** How often deadlines are looked at: they are seconds long. */
    private static final int CHECK_MS = 100;

    private static final int STOP_SECONDS = 5;

    private final NetIo io;
    private final NetContext context;
    private final EventLoopGroup group;
    private final Map<EventExecutor, LoopConnections> connections = new LinkedHashMap<>();

    NetLoops(NetContext context) {
        this.io = NetIo.best();
        this.context = context;
        int threads = context.options().threads();
        // Netty's pools are per thread, and only for threads that tell it that they clean up.
        ThreadFactory factory = task -> context.doors()
                .threads()
                .newThread(() -> FastThreadLocalThread.runWithFastThreadLocal(task));
        this.group = new MultiThreadIoEventLoopGroup(threads, factory, io.handlers());
        int maxPending = Math.max(1, context.options().connections().maxPending() / threads);
        for (EventExecutor loop : group) {
            LoopConnections owned = new LoopConnections(maxPending);
            connections.put(loop, owned);
            watch(loop, owned);
        }
    }

    // It runs until its thread ends.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void watch(EventExecutor loop, LoopConnections owned) {
        Runnable check = () -> context.guard(() -> owned.checkDeadlines(context.nowNanos()));
        loop.scheduleWithFixedDelay(check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    }

    NetIo io() {
        return io;
    }

    EventLoopGroup group() {
        return group;
    }

    /** One of the net threads, in turn. */
    EventLoop next() {
        return group.next();
    }

    /** The connections of a net thread; only that thread may touch them. */
    LoopConnections connectionsOf(EventLoop loop) {
        return Optional.ofNullable(connections.get(loop)).orElseThrow();
    }

    /**
     * Ends all connections, each after what was written to it and when the other end has had time to read it, then the
     * threads. Blocks for a few seconds at most.
     */
    void close() {
        CountDownLatch allGone = new CountDownLatch(connections.size());
        connections.forEach(
                (loop, owned) -> context.run(loop, () -> owned.closeAll(allGone::countDown)));
        try {
            allGone.await(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // Somebody is in a hurry: what was not written yet is lost.
            Thread.currentThread().interrupt();
        }
        group.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOP_SECONDS + 1, TimeUnit.SECONDS);
    }
}
