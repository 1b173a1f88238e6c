package io.kvd.server.udp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long ago this process was made, the time that the shell and the JVM took to start included: replicas are
 * launched at the same moment, and get to say hello seconds apart on a busy machine.
 */
final class ProcessAge {
    private static final long NANOS_A_SECOND = 1_000_000_000;
    /** What Linux counts a process's start in, for whatever machine. */
    private static final long TICKS_A_SECOND = 100;
    /** The start's place in {@code /proc/self/stat}, counted from behind the name in parentheses. */
    private static final int START_FIELD = 19;

    private ProcessAge() {}

    /** 0 where the system does not tell. */
    static long nanos() {
        try {
            return nanos(read("/proc/self/stat"), read("/proc/uptime"));
        } catch (IOException notLinux) {
            return 0;
        }
    }

    private static String read(String file) throws IOException {
        return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    }

    /**
     * @param stat of {@code /proc/self/stat}
     * @param uptime of {@code /proc/uptime}
     */
    static long nanos(String stat, String uptime) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        String upSeconds = uptime.trim().split(" ", 2)[0];
        if (fields.length <= START_FIELD
                || !fields[START_FIELD].matches("[0-9]{1,15}")
                || !upSeconds.matches("[0-9]{1,10}[.][0-9]{1,9}")) {
            return 0;
        }
        long startNanos = Long.parseLong(fields[START_FIELD]) * (NANOS_A_SECOND / TICKS_A_SECOND);
        long upNanos = (long) (Double.parseDouble(upSeconds) * NANOS_A_SECOND);
        return Math.max(0, upNanos - startNanos);
    }
}
