package io.kvd.server.metrics;

import com.codahale.metrics.Counter;

import io.kvd.core.node.RequestOrigin;
import io.kvd.server.metrics.RequestTimes.Op;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Writes down which stage a slow request spent its time in: at most one line in 100 ms, and never a key or a value.
 * Callable on any net thread.
 */
final class SlowRequestLog {
    static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger log = LoggerFactory.getLogger("kvd.slow");

    private final long slowNanos;
    private final Counter count;

    // Guarded by this.
    private long notBeforeNanos = Long.MIN_VALUE;
    private long left;

    SlowRequestLog(long slowNanos, Counter count) {
        this.slowNanos = slowNanos;
        this.count = count;
    }

    /** @param requests that came with one read event and went the same way */
    void answered(RequestOrigin origin, RequestTimes times, long requests, long nowNanos) {
        if (nowNanos - origin.arrivedNanos() < slowNanos) {
            return;
        }
        count.inc(requests);
        long leftBefore = admit(requests, nowNanos);
        if (leftBefore >= 0) {
            log.warn(
                    "slow request op={} totalMs={} {} repliedMs={} bytes={} connection={} requests={} leftOutBefore={}",
                    times.op().name().toLowerCase(Locale.ROOT),
                    ms(nowNanos - origin.arrivedNanos()),
                    stages(origin.arrivedNanos(), times),
                    ms(nowNanos - times.doneNanos()),
                    origin.chargedBytes(),
                    origin.connectionId(),
                    requests,
                    leftBefore);
        }
    }

    /** How many were left out since the last line if it is time for one, else -1. */
    private synchronized long admit(long requests, long nowNanos) {
        if (nowNanos < notBeforeNanos) {
            left += requests;
            return -1;
        }
        long before = left;
        left = 0;
        notBeforeNanos = nowNanos + PAUSE_NANOS;
        return before;
    }

    private static String stages(long arrivedNanos, RequestTimes times) {
        return times.op() == Op.WRITE
                ? "queuedMs=%s persistedMs=%s replicatedMs=%s appliedMs=%s"
                        .formatted(
                                ms(times.takenNanos() - arrivedNanos),
                                ms(times.persistedNanos() - times.takenNanos()),
                                ms(times.readyNanos() - times.persistedNanos()),
                                ms(times.doneNanos() - times.readyNanos()))
                : "confirmedMs=%s readMs=%s"
                        .formatted(
                                ms(times.readyNanos() - arrivedNanos),
                                ms(times.doneNanos() - times.readyNanos()));
    }

    private static String ms(long nanos) {
        return String.format(Locale.ROOT, "%.1f", nanos / 1e6);
    }
}
