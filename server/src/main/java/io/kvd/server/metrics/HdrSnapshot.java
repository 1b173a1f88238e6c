package io.kvd.server.metrics;

import com.codahale.metrics.Snapshot;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A histogram as Dropwizard's reporters read it. */
final class HdrSnapshot extends Snapshot {
    private final Histogram histogram;

    /** @param histogram is not changed any more */
    HdrSnapshot(Histogram histogram) {
        this.histogram = histogram;
    }

    @Override
    public double getValue(double quantile) {
        return histogram.getValueAtPercentile(quantile * 100);
    }

    /** One value for each that differs, since they may be millions. */
    @Override
    public long[] getValues() {
        return java.util.stream.StreamSupport.stream(
                        histogram.recordedValues().spliterator(), false)
                .mapToLong(HistogramIterationValue::getValueIteratedTo)
                .toArray();
    }

    @Override
    public int size() {
        return (int) Math.min(Integer.MAX_VALUE, histogram.getTotalCount());
    }

    @Override
    public long getMax() {
        return histogram.getMaxValue();
    }

    @Override
    public double getMean() {
        return histogram.getMean();
    }

    @Override
    public long getMin() {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getMinValue();
    }

    @Override
    public double getStdDev() {
        return histogram.getStdDeviation();
    }

    @Override
    public void dump(OutputStream output) {
        PrintStream out = new PrintStream(output, false, StandardCharsets.UTF_8);
        histogram.outputPercentileDistribution(out, 1.0);
        out.flush();
    }
}
