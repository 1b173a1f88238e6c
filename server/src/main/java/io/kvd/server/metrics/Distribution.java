package io.kvd.server.metrics;

import com.codahale.metrics.Histogram;

import org.HdrHistogram.HistogramIterationValue;

/** Many values of one metric: durations in nanoseconds, sizes, counts. Recording never waits; any thread. */
public final class Distribution extends Histogram {
    private final HdrReservoir reservoir;

    /** Without values. */
    public static Distribution empty() {
        return new Distribution(new HdrReservoir());
    }

    private Distribution(HdrReservoir reservoir) {
        super(reservoir);
        this.reservoir = reservoir;
    }

    @Override
    public void update(int value) {
        reservoir.update(value);
    }

    @Override
    public void update(long value) {
        reservoir.update(value);
    }

    /** The same value so many times: what a batch cost, once for each of its parts. */
    public void update(long value, long times) {
        reservoir.update(value, times);
    }

    @Override
    public long getCount() {
        return reservoir.cumulative(org.HdrHistogram.Histogram::getTotalCount);
    }

    /** Called every ten seconds. */
    void advance() {
        reservoir.advance();
    }

    /** Everything since the start, up to each of the ascending bounds and in all. Two digits tell values apart. */
    Cumulative cumulative(long[] bounds) {
        return reservoir.cumulative(all -> cumulative(all, bounds));
    }

    private static Cumulative cumulative(org.HdrHistogram.Histogram all, long[] bounds) {
        long[] atMost = new long[bounds.length];
        long count = 0;
        double sum = 0;
        int next = 0;
        for (HistogramIterationValue bucket : all.recordedValues()) {
            while (next < bounds.length
                    && all.lowestEquivalentValue(bucket.getValueIteratedTo()) > bounds[next]) {
                atMost[next++] = count;
            }
            count += bucket.getCountAtValueIteratedTo();
            sum += (double) all.medianEquivalentValue(bucket.getValueIteratedTo())
                    * bucket.getCountAtValueIteratedTo();
        }
        while (next < bounds.length) {
            atMost[next++] = count;
        }
        return new Cumulative(atMost, count, sum);
    }

    /** @param atMost how many values were at most as large as the bound in the same place */
    @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
    record Cumulative(long[] atMost, long count, double sum) {}
}
