package io.kvd.bench.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What processes and the machine have consumed up to a moment. Linux only, by /proc; elsewhere, and for processes that
 * are gone or not known, the figures are NaN.
 *
 * @param cpuSeconds user and system time of the processes
 * @param residentBytes of the processes at this moment
 * @param writtenBytes what the processes caused to be written to disk
 * @param machine of all processors together
 */
public record Consumption(
        double cpuSeconds, double residentBytes, double writtenBytes, Machine machine) {

    /** Linux counts time in hundredths of a second towards programs. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");
    private static final Pattern WRITTEN = Pattern.compile("(?m)^write_bytes: (\\d+)");
    private static final Pattern CANCELLED = Pattern.compile("(?m)^cancelled_write_bytes: (\\d+)");

    /**
     * @param busySeconds in which a processor did something
     * @param waitSeconds in which one was idle while the disk was waited for
     */
    public record Machine(double busySeconds, double waitSeconds) {
        static final Machine UNKNOWN = new Machine(Double.NaN, Double.NaN);
    }

    /** Of these processes together. */
    public static Consumption of(List<Long> pids) {
        try {
            double cpuSeconds = 0;
            double residentBytes = 0;
            double writtenBytes = 0;
            for (long pid : pids) {
                Path process = Path.of("/proc", Long.toString(pid));
                cpuSeconds += cpuSecondsOf(Files.readString(process.resolve("stat")));
                residentBytes +=
                        number(RESIDENT, Files.readString(process.resolve("status"))) * 1024;
                String io = Files.readString(process.resolve("io"));
                writtenBytes += number(WRITTEN, io) - number(CANCELLED, io);
            }
            double known = pids.isEmpty() ? Double.NaN : 1;
            return new Consumption(
                    cpuSeconds * known,
                    residentBytes * known,
                    writtenBytes * known,
                    wholeMachine());
        } catch (IOException e) {
            return new Consumption(Double.NaN, Double.NaN, Double.NaN, Machine.UNKNOWN);
        }
    }

    /** Of this process. */
    public static Consumption ofThisProcess() {
        return of(List.of(ProcessHandle.current().pid()));
    }

    /** The name of a process may hold anything, and ends with the last bracket. */
    private static double cpuSecondsOf(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
    }

    // user nice system idle iowait irq softirq steal; the guests' time is in the first two.
    private static Machine wholeMachine() throws IOException {
        String[] fields = Files.readString(Path.of("/proc/stat"))
                .lines()
                .findFirst()
                .orElse("")
                .split(" +", -1);
        double busy = 0;
        for (int i : new int[] {1, 2, 3, 6, 7}) {
            busy += Long.parseLong(fields[i]);
        }
        return new Machine(busy / TICKS_PER_SECOND, Long.parseLong(fields[5]) / TICKS_PER_SECOND);
    }

    private static double number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : Double.NaN;
    }
}
