package io.kvd.server.runtime;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes every thread of the process: named, and daemons, so that the end of {@code main} is the end. */
public final class Threads {
    private Threads() {}

    /** A thread, not yet started. */
    static Thread daemon(String name, Runnable body) {
        Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Names its threads {@code name-1}, {@code name-2}, …: for Netty and executors. */
    public static ThreadFactory numbered(String name) {
        AtomicInteger count = new AtomicInteger();
        return body -> daemon(name + "-" + count.incrementAndGet(), body);
    }
}
