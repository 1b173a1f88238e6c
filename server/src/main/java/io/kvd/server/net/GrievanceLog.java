package io.kvd.server.net;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Logs grievances, one line a kind and minute with the number of those it left out: what strangers send to an open
 * port must not be able to fill a disk. Callable on any thread.
 */
final class GrievanceLog {
    static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger("kvd.net");

    private final LongSupplier nanoTime;
    private final Map<Grievance, Kind> kinds = new EnumMap<>(Grievance.class);

    GrievanceLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        for (Grievance grievance : Grievance.values()) {
            kinds.put(grievance, new Kind());
        }
    }

    /** Reports that the connection with {@code remote} is closed; {@code detail} has no keys or values. */
    void report(Grievance grievance, String remote, String detail) {
        long suppressed = suppressedBefore(grievance);
        if (suppressed >= 0) {
            LOG.warn(
                    "closed connection remote={} because {} detail=\"{}\" suppressed={}",
                    remote,
                    grievance.sentence(),
                    detail,
                    suppressed);
        }
    }

    /** Like {@link #report}, for an exception that nobody expected. */
    void report(Grievance grievance, String remote, Throwable cause) {
        long suppressed = suppressedBefore(grievance);
        if (suppressed >= 0) {
            LOG.error(
                    "closed connection remote={} because {} suppressed={}",
                    remote,
                    grievance.sentence(),
                    suppressed,
                    cause);
        }
    }

    private long suppressedBefore(Grievance grievance) {
        return Optional.ofNullable(kinds.get(grievance)).orElseThrow().take(nanoTime.getAsLong());
    }

    private static final class Kind {
        private boolean logged;
        private long loggedAtNanos;
        private long suppressed;

        /** How many were left out since the last line if it is time for one, else -1. */
        synchronized long take(long now) {
            if (logged && now - loggedAtNanos < WINDOW_NANOS) {
                suppressed++;
                return -1;
            }
            long before = suppressed;
            logged = true;
            loggedAtNanos = now;
            suppressed = 0;
            return before;
        }
    }
}
