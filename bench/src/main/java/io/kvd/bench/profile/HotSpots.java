package io.kvd.bench.profile;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingFile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a flight recording says of where processor time went, by group of threads. */
final class HotSpots {
    private static final String OWN = "io.kvd.";

    private final TreeMap<String, ThreadProfile> groups = new TreeMap<>();
    private final Mean processLoad = new Mean();
    private final Mean machineLoad = new Mean();
    /** What a load of 1 is. */
    private int processors = 1;

    static HotSpots read(Path recording) throws IOException {
        HotSpots spots = new HotSpots();
        try (RecordingFile events = new RecordingFile(recording)) {
            while (events.hasMoreEvents()) {
                spots.add(events.readEvent());
            }
        }
        return spots;
    }

    /** Of all threads of the process, the JVM's and RocksDB's own too; in processors. */
    double processCores() {
        return processLoad.value() * processors;
    }

    /** Of everything that ran on the machine; in processors. */
    double machineCores() {
        return machineLoad.value() * processors;
    }

    int processors() {
        return processors;
    }

    /** Name of a group to what its threads did. */
    Map<String, ThreadProfile> groups() {
        return groups;
    }

    /** Of one group's threads; in processors. */
    double cores(ThreadProfile group) {
        return group.load() * processors;
    }

    private void add(RecordedEvent event) {
        switch (event.getEventType().getName()) {
            case "jdk.ExecutionSample" -> sample(event, ThreadProfile.Kind.JAVA);
            case "jdk.NativeMethodSample" -> sample(event, ThreadProfile.Kind.NATIVE);
            case "jdk.ThreadCPULoad" ->
                Optional.ofNullable(event.getThread())
                        .ifPresent(thread -> group(thread)
                                .ran(
                                        thread.getJavaThreadId(),
                                        event.getDouble("user") + event.getDouble("system")));
            case "jdk.CPULoad" -> {
                processLoad.add(event.getDouble("jvmUser") + event.getDouble("jvmSystem"));
                machineLoad.add(event.getDouble("machineTotal"));
            }
            case "jdk.CPUInformation" -> processors = event.getInt("hwThreads");
            default -> {}
        }
    }

    private void sample(RecordedEvent event, ThreadProfile.Kind kind) {
        RecordedStackTrace stack = event.getStackTrace();
        RecordedThread thread = event.getThread("sampledThread");
        if (stack == null || thread == null || stack.getFrames().isEmpty()) {
            return;
        }
        List<RecordedFrame> frames = stack.getFrames();
        String top = name(frames.get(0));
        String own = frames.stream()
                .map(HotSpots::name)
                .filter(name -> name.startsWith(OWN))
                .findFirst()
                .orElse("(none of " + OWN + ")");
        group(thread).sampled(kind, top, own);
    }

    /** {@code net-1} and {@code net-2} are of the group {@code net}. */
    private ThreadProfile group(RecordedThread thread) {
        String name = Optional.ofNullable(thread.getJavaName()).orElse(thread.getOSName());
        return groups.computeIfAbsent(
                name.replaceFirst("[-# ]*[0-9]+$", ""), group -> new ThreadProfile());
    }

    private static String name(RecordedFrame frame) {
        RecordedMethod method = frame.getMethod();
        return method.getType().getName() + "." + method.getName();
    }

    /** A mean of values that come one by one. */
    static final class Mean {
        private double sum;
        private int count;

        void add(double value) {
            sum += value;
            count++;
        }

        /** 0 if there was none. */
        double value() {
            return count == 0 ? 0 : sum / count;
        }
    }
}
