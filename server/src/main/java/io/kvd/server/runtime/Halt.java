package io.kvd.server.runtime;

import io.kvd.core.base.StorageException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * Ends the process at once because it must not go on: one line says why, then no other line of code runs. Nothing is
 * closed or flushed on the way: a directory is always ready for the next start (P1, P6). Any thread may call; the
 * first one counts.
 */
public final class Halt {
    private static final Logger log = LoggerFactory.getLogger(Halt.class);

    /** A log that nobody reads (a full pipe) must not keep a broken node alive. */
    private static final long MAX_REPORT_MS = 2000;

    private final Runnable flushLog;
    private final IntConsumer end;
    private final AtomicBoolean halted = new AtomicBoolean();

    /**
     * @param end ends the process with an exit code and does not return; a test's may
     */
    Halt(Runnable flushLog, IntConsumer end) {
        this.flushLog = flushLog;
        this.end = end;
    }

    /** The real one. */
    public static Halt ofProcess() {
        return new Halt(Logging::flush, code -> Runtime.getRuntime().halt(code));
    }

    /**
     * Something was thrown that nothing can handle.
     *
     * @param where what was running: a thread's name
     */
    public void because(String where, Throwable failure) {
        ExitCode code = ExitCode.of(failure);
        String sentence = failure instanceof StorageException ? chain(failure) : failure.toString();
        halt(code, () -> {
            if (failure instanceof StorageException) {
                log.error(line(code, where, sentence));
            } else {
                log.error(line(code, where, sentence), failure);
            }
        });
    }

    /** Something was found that forbids to go on. */
    public void because(String where, ExitCode code, String sentence) {
        halt(code, () -> log.error(line(code, where, sentence)));
    }

    private void halt(ExitCode code, Runnable report) {
        if (!halted.compareAndSet(false, true)) {
            return;
        }
        try {
            Thread reporter = Threads.daemon("halt", () -> {
                report.run();
                flushLog.run();
            });
            reporter.start();
            reporter.join(MAX_REPORT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            // Also if there is no memory left for a thread or a message.
            end.accept(code.number());
        }
    }

    private static String line(ExitCode code, String where, String sentence) {
        return "stopped: %s: %s; %s thread=%s exit=%d"
                .formatted(code.meaning(), sentence, code.remedy(), where, code.number());
    }

    /** The sentences of a failure and its causes in one line. */
    private static String chain(Throwable failure) {
        StringBuilder line = new StringBuilder(String.valueOf(failure.getMessage()));
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            line.append(": ").append(cause.getMessage());
        }
        return line.toString();
    }
}
