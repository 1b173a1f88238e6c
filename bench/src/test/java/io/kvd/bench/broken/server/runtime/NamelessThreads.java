package io.kvd.bench.broken.server.runtime;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;

import java.util.Timer;
import java.util.concurrent.Executors;

/** Breaks rule 5 in as many ways as it has statements; threads may be made here, but not without a name. */
@SuppressWarnings("all")
public final class NamelessThreads {
    public static final int WAYS = 4;

    void all() {
        new Thread(() -> {});
        Executors.newSingleThreadExecutor();
        new Timer();
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    void named() {
        new Thread(() -> {}, "named");
        Executors.newSingleThreadExecutor(task -> new Thread(task, "named"));
    }
}
