package io.kvd.bench.profile;

import io.kvd.bench.local.ServerProcess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A flight recording of each of several running servers, begun and ended with {@code jcmd}, so that nothing of their
 * start or warm-up is in it.
 */
public final class FlightRecordings {
    private static final String SUFFIX = ".jfr";
    private static final String NAME = "name=kvbench";

    private final List<ServerProcess> servers;
    private final Path file;

    /** @param file FILE.jfr: the server n1 gets FILE-n1.jfr, and so on */
    public FlightRecordings(List<ServerProcess> servers, Path file) {
        this.servers = List.copyOf(servers);
        this.file = file.toAbsolutePath();
    }

    public void start() throws IOException, InterruptedException {
        for (ServerProcess server : servers) {
            jcmd(server, "JFR.start", NAME, "settings=profile", "jdk.ThreadCPULoad#period=1s");
        }
    }

    /** Ends the recordings, and returns the files. */
    public List<Path> stop() throws IOException, InterruptedException {
        List<Path> files = new ArrayList<>();
        for (ServerProcess server : servers) {
            Path recording = fileOf(server.name());
            jcmd(server, "JFR.stop", NAME, "filename=" + recording);
            files.add(recording);
        }
        return files;
    }

    private Path fileOf(String server) {
        String name = String.valueOf(file.getFileName());
        String stem =
                name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
        return file.resolveSibling(stem + "-" + server + SUFFIX);
    }

    private static void jcmd(ServerProcess server, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        command.add(Long.toString(server.pid()));
        command.addAll(List.of(arguments));
        Process jcmd = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (jcmd.waitFor() != 0) {
            throw new IOException(
                    "%s of %s failed: %s".formatted(arguments[0], server.name(), output.strip()));
        }
    }
}
