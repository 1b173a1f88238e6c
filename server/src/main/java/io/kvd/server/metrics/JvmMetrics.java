package io.kvd.server.metrics;

import com.sun.management.UnixOperatingSystemMXBean;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.util.concurrent.TimeUnit;

/** What the JVM says of itself and its process. */
public final class JvmMetrics {
    private JvmMetrics() {}

    public static void register(NodeMetrics metrics) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        metrics.read(ServerMetric.JVM_HEAP, () -> memory.getHeapMemoryUsage().getUsed(), "used");
        metrics.read(
                ServerMetric.JVM_HEAP,
                () -> memory.getHeapMemoryUsage().getCommitted(),
                "committed");
        metrics.read(ServerMetric.JVM_HEAP, () -> memory.getHeapMemoryUsage().getMax(), "max");
        metrics.read(ServerMetric.JVM_DIRECT, JvmMetrics::directBytes);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            String name = collector.getName();
            metrics.read(
                    ServerMetric.JVM_GC_TIME,
                    () -> TimeUnit.MILLISECONDS.toNanos(collector.getCollectionTime()),
                    name);
            metrics.read(ServerMetric.JVM_GC_COUNT, collector::getCollectionCount, name);
        }
        metrics.read(
                ServerMetric.JVM_THREADS,
                () -> ManagementFactory.getThreadMXBean().getThreadCount());
        metrics.read(
                ServerMetric.PROCESS_UPTIME,
                () -> TimeUnit.MILLISECONDS.toNanos(
                        ManagementFactory.getRuntimeMXBean().getUptime()));
        if (ManagementFactory.getOperatingSystemMXBean()
                instanceof UnixOperatingSystemMXBean process) {
            metrics.read(ServerMetric.PROCESS_CPU, process::getProcessCpuTime);
            metrics.read(ServerMetric.PROCESS_FILES, process::getOpenFileDescriptorCount);
        }
    }

    private static long directBytes() {
        long bytes = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                bytes += pool.getMemoryUsed();
            }
        }
        return bytes;
    }
}
