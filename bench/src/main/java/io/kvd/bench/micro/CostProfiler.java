package io.kvd.bench.micro;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an operation costs beside time on the clock, which others on the machine make longer: processor time of the
 * measured thread ({@code cpu.worker}) and of the whole process with its flushes, compactions and garbage collection
 * ({@code cpu.process}), and, on Linux, bytes that went to disk ({@code disk.written}). Made by JMH.
 */
public final class CostProfiler implements InternalProfiler {
    private static final Path IO = Path.of("/proc/self/io");
    private static final String WRITTEN = "write_bytes: ";
    private static final String WORKER = "jmh-worker";

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private Costs before = new Costs(Map.of(), 0, 0);

    /** Totals since the start of the process; nanoseconds, of workers by thread id, and bytes. */
    private record Costs(Map<Long, Long> workerNanos, long processNanos, long writtenBytes) {
        /** Of the workers that are there now: one of a run before may have ended since. */
        long workerNanosSince(Costs before) {
            return workerNanos.entrySet().stream()
                    .mapToLong(worker -> worker.getValue()
                            - before.workerNanos.getOrDefault(worker.getKey(), 0L))
                    .sum();
        }
    }

    @Override
    public String getDescription() {
        return "processor time and disk writes per operation";
    }

    @Override
    public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
        before = costs();
    }

    @Override
    public Collection<? extends Result<?>> afterIteration(
            BenchmarkParams benchmark, IterationParams iteration, IterationResult result) {
        Costs after = costs();
        double operations = result.getMetadata().getAllOps();
        List<Result<?>> results = new ArrayList<>();
        results.add(micros("cpu.worker", after.workerNanosSince(before) / operations));
        results.add(micros("cpu.process", (after.processNanos - before.processNanos) / operations));
        if (Files.exists(IO)) {
            double bytes = (after.writtenBytes - before.writtenBytes) / operations;
            results.add(new ScalarResult("disk.written", bytes, "B/op", AggregationPolicy.AVG));
        }
        return results;
    }

    private static Result<?> micros(String name, double nanos) {
        return new ScalarResult(name, nanos / 1e3, "us/op", AggregationPolicy.AVG);
    }

    private Costs costs() {
        return new Costs(workerNanos(), processNanos(), Files.exists(IO) ? writtenBytes() : 0);
    }

    private Map<Long, Long> workerNanos() {
        Map<Long, Long> nanos = new TreeMap<>();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (Objects.nonNull(thread) && thread.getThreadName().contains(WORKER)) {
                long id = thread.getThreadId();
                nanos.put(id, threads.getThreadCpuTime(id));
            }
        }
        return nanos;
    }

    private static long processNanos() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getProcessCpuTime();
    }

    private static long writtenBytes() {
        try {
            return Files.readAllLines(IO).stream()
                    .filter(line -> line.startsWith(WRITTEN))
                    .mapToLong(line -> Long.parseLong(line.substring(WRITTEN.length())))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + IO, e);
        }
    }
}
