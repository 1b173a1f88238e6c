package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code kvd udp-replica} as a process: many are started at once, so it may load no more than it needs. */
@Tag("slow")
class UdpReplicaProcessTest {
    private static final int PATIENCE_MS = 60_000;
    private static final int MAX_DATAGRAM_BYTES = 65_507;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void neitherRocksDbNorNettyNorTheLogIsLoaded() throws Exception {
        Path classes = directory.resolve("classes.txt");
        try (DatagramSocket simulator =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            simulator.setSoTimeout(PATIENCE_MS);
            Process process = start(classes, simulator.getLocalPort());
            try {
                assertThat(receive(simulator)).contains("\"type\":\"hello\"");
                assertThat(receive(simulator)).as("asks for votes").contains("\"type\":\"raft\"");
            } finally {
                process.destroyForcibly().waitFor();
            }
        }

        assertThat(Files.readString(classes))
                .contains("io.kvd.server.udp.UdpReplica ", "io.kvd.core.raft.PreCandidate ")
                .doesNotContain("org.rocksdb.", "io.netty.", "org.slf4j.", "ch.qos.logback.")
                .doesNotContain(
                        "com.typesafe.config.", "io.kvd.server.net.", "io.kvd.server.storage.");
    }

    private static Process start(Path classes, int port) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:file=" + classes,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of("udp-replica", Integer.toString(port), "0000", "0001", "0002"));
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String receive(DatagramSocket socket) throws IOException {
        DatagramPacket packet =
                new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
        socket.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
    }
}
