package io.kvd.bench.local;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What figures depend on besides what they measure, for people. */
public final class Machine {
    private Machine() {}

    /** @param directory where data goes */
    public static Map<String, String> describe(Path directory) {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put(
                "processors",
                "%d, %s".formatted(Runtime.getRuntime().availableProcessors(), processor()));
        machine.put("memory", memory());
        machine.put(
                "system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("file system of the data", fileSystem(directory));
        machine.put(
                "Java",
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        machine.put(
                "load average at the start",
                String.format(
                        Locale.ROOT,
                        "%.1f",
                        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
        return machine;
    }

    private static String processor() {
        return valueOf(Path.of("/proc/cpuinfo"), "model name");
    }

    private static String memory() {
        String kib = valueOf(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", "");
        return kib.isEmpty() ? "unknown" : "%d MiB".formatted(Long.parseLong(kib) >> 10);
    }

    private static String fileSystem(Path directory) {
        try {
            return Files.getFileStore(directory).type();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** Of the first line {@code key : value}; "unknown" if there is none, as on other systems than Linux. */
    private static String valueOf(Path file, String key) {
        try {
            return Files.readAllLines(file).stream()
                    .filter(line -> line.startsWith(key))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
