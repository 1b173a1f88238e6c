package io.kvd.bench.report;

/**
 * What a measurement took of this machine, over all its windows. A figure that is not known is NaN.
 *
 * @param seconds that it lasted
 * @param processors of the machine
 * @param serverCpuSeconds of the target's processes
 * @param clientCpuSeconds of this process, which makes the load
 * @param busyCpuSeconds of everything on the machine
 * @param waitCpuSeconds in which a processor had nothing to do but to wait for the disk
 * @param residentBytes of the target's processes at the end
 * @param writtenBytes that the target's processes wrote to disk
 */
public record Usage(
        double seconds,
        int processors,
        double serverCpuSeconds,
        double clientCpuSeconds,
        double busyCpuSeconds,
        double waitCpuSeconds,
        double residentBytes,
        double writtenBytes) {

    public double serverCores() {
        return serverCpuSeconds / seconds;
    }

    public double clientCores() {
        return clientCpuSeconds / seconds;
    }

    public double busyPercent() {
        return 100 * busyCpuSeconds / (seconds * processors);
    }

    public double waitPercent() {
        return 100 * waitCpuSeconds / (seconds * processors);
    }

    /** What ran beside target and load, the kernel's work for the disk included. */
    public double othersPercent() {
        double others = busyCpuSeconds - serverCpuSeconds - clientCpuSeconds;
        return Math.max(0, 100 * others / (seconds * processors));
    }
}
