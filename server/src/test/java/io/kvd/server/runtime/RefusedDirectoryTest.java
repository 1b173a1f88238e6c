package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.server.storage.DataDirectory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** {@code kvd start} on a directory that it can't have: exit code 10, and why in one line. */
class RefusedDirectoryTest {
    @TempDir
    private Path temporary = Path.of("");

    private final StringWriter err = new StringWriter();

    @Test
    void aFileInPlaceOfTheDirectory() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThat(start(file)).isEqualTo(10);

        assertRefused(file + " is not a directory");
    }

    @Test
    void aDirectoryBelowAFile() throws IOException {
        Path file = Files.writeString(temporary.resolve("file"), "x");

        assertThat(start(file.resolve("data"))).isEqualTo(10);

        assertRefused(file + " is not a directory");
    }

    @Test
    void aDirectoryThatHoldsOtherThings() throws IOException {
        Files.writeString(temporary.resolve("letter.txt"), "dear");

        assertThat(start(temporary)).isEqualTo(10);

        assertRefused("neither empty nor a kvd data directory (it holds letter.txt)");
    }

    @Test
    void aDirectoryThatIsInUse() throws IOException {
        try (DataDirectory held = DataDirectory.open(temporary)) {
            assertThat(start(held.path())).isEqualTo(10);
        }

        assertRefused("is in use by process " + ProcessHandle.current().pid());
    }

    private void assertRefused(String why) {
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("kvd: refusing to start: ")
                                .contains(why),
                        line -> assertThat(line).isEqualTo("  why: the data directory was refused"),
                        line -> assertThat(line).startsWith("  try: check node.data-dir"));
    }

    private int start(Path dataDir) throws IOException {
        ProcessContext context = new ProcessContext(
                Map.of(), Server::start, new Halt(() -> {}, code -> {}), handler -> {});
        return Main.commandLine(context)
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(
                        "start",
                        "--data-dir",
                        dataDir.toString(),
                        "--set",
                        "listen.address=127.0.0.1:" + freePort(),
                        "--set",
                        "log.level=error");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
