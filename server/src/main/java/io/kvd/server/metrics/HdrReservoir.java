package io.kvd.server.metrics;

import com.codahale.metrics.Reservoir;
import com.codahale.metrics.Snapshot;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import java.util.function.Function;

/**
 * Values in HdrHistograms, each value with two digits, none sampled away: Dropwizard's own reservoir keeps a thousand
 * of them and so loses the tail. Everything since the start is kept for {@link #cumulative}, the last minute for
 * {@link #getSnapshot}. Recording never waits, on any thread; reading is for one at a time.
 */
final class HdrReservoir implements Reservoir {
    /** With {@link #advance} called every ten seconds, a snapshot shows 50 to 60 s. */
    private static final int SLOTS = 6;

    private static final int DIGITS = 2;
    /** Ten minutes in nanoseconds; what is larger counts as this. */
    private static final long HIGHEST = 600_000_000_000L;

    private final Recorder recorder = new Recorder(HIGHEST, DIGITS);

    // Guarded by this.
    private final Histogram total = new Histogram(HIGHEST, DIGITS);
    private final Histogram[] recent = new Histogram[SLOTS];
    private int slot;
    private Histogram interval = recorder.getIntervalHistogram();

    HdrReservoir() {
        for (int i = 0; i < SLOTS; i++) {
            recent[i] = new Histogram(DIGITS);
        }
    }

    @Override
    public void update(long value) {
        recorder.recordValue(inRange(value));
    }

    /** The same value so many times. */
    void update(long value, long times) {
        recorder.recordValueWithCount(inRange(value), times);
    }

    private static long inRange(long value) {
        return Math.max(0, Math.min(HIGHEST, value));
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, cumulative(Histogram::getTotalCount));
    }

    /** The last minute. */
    @Override
    public synchronized Snapshot getSnapshot() {
        collect();
        Histogram window = new Histogram(DIGITS);
        for (Histogram part : recent) {
            window.add(part);
        }
        return new HdrSnapshot(window);
    }

    /** Reads all values since the start, without a copy: it is tens of kilobytes. */
    synchronized <T> T cumulative(Function<Histogram, T> reader) {
        collect();
        return reader.apply(total);
    }

    /** The oldest part of the minute is forgotten. */
    synchronized void advance() {
        collect();
        slot = (slot + 1) % SLOTS;
        recent[slot].reset();
    }

    private void collect() {
        interval = recorder.getIntervalHistogram(interval);
        if (interval.getTotalCount() > 0) {
            total.add(interval);
            recent[slot].add(interval);
        }
    }
}
