package io.kvd.server.runtime;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Ends a process whose loop no longer turns: a disk that never answers, a deadlock. Its cluster has long replaced it
 * as leader; ended, it is seen to be gone, and what supervises it can start it again. Counts its own looks, not
 * seconds, so that a process that was suspended is not taken for a stuck one.
 */
public final class Watchdog implements AutoCloseable {
    /** Longer than the slowest disk that still works; far longer than any election timeout. */
    static final int MAX_LOOKS_WITHOUT_TURN = 60;

    private static final Logger log = LoggerFactory.getLogger(Watchdog.class);
    private static final int MAX_FRAMES = 24;

    private final String loopName;
    private final LongSupplier turns;
    private final Halt halt;
    private final ScheduledExecutorService scheduler;

    // Of the scheduler's thread.
    private long lastTurns = -1;
    private int looksWithoutTurn;

    Watchdog(String loopName, LongSupplier turns, Halt halt) {
        this.loopName = loopName;
        this.turns = turns;
        this.halt = halt;
        this.scheduler = Executors.newSingleThreadScheduledExecutor(Threads.numbered("watchdog"));
    }

    /** Watches a loop that turns by itself, also without input. */
    public static Watchdog start(LoopThread<?> loop, Halt halt) {
        Watchdog watchdog = new Watchdog(loop.name(), loop::turns, halt);
        var unused =
                watchdog.scheduler.scheduleWithFixedDelay(watchdog::look, 1, 1, TimeUnit.SECONDS);
        return watchdog;
    }

    void look() {
        long now = turns.getAsLong();
        looksWithoutTurn = now == lastTurns ? looksWithoutTurn + 1 : 0;
        lastTurns = now;
        if (looksWithoutTurn >= MAX_LOOKS_WITHOUT_TURN) {
            log.error("thread dump of a stuck process{}", threadDump());
            halt.because(
                    "watchdog",
                    ExitCode.STUCK,
                    loopName + " made no turn in " + looksWithoutTurn + " s");
        }
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }

    private static String threadDump() {
        StringBuilder dump = new StringBuilder();
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            Thread thread = entry.getKey();
            dump.append("\n\"%s\" %s".formatted(thread.getName(), thread.getState()));
            dump.append(Arrays.stream(entry.getValue())
                    .limit(MAX_FRAMES)
                    .map(frame -> "\n    at " + frame)
                    .collect(Collectors.joining()));
        }
        return dump.toString();
    }
}
