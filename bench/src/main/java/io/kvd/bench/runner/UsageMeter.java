package io.kvd.bench.runner;

import io.kvd.bench.local.Consumption;
import io.kvd.bench.report.Usage;

import java.util.List;

/** Measures what processes and the machine consume from its making on. */
final class UsageMeter {
    private final List<Long> pids;
    private final Consumption servers;
    private final Consumption client = Consumption.ofThisProcess();
    private final long beginNanos = System.nanoTime();

    UsageMeter(List<Long> pids) {
        this.pids = List.copyOf(pids);
        this.servers = Consumption.of(pids);
    }

    Usage stop() {
        Consumption serversNow = Consumption.of(pids);
        Consumption clientNow = Consumption.ofThisProcess();
        return new Usage(
                (System.nanoTime() - beginNanos) / 1e9,
                Runtime.getRuntime().availableProcessors(),
                serversNow.cpuSeconds() - servers.cpuSeconds(),
                clientNow.cpuSeconds() - client.cpuSeconds(),
                clientNow.machine().busySeconds() - client.machine().busySeconds(),
                clientNow.machine().waitSeconds() - client.machine().waitSeconds(),
                serversNow.residentBytes(),
                serversNow.writtenBytes() - servers.writtenBytes());
    }
}
