package io.kvd.bench.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kvd.bench.local.LocalCluster;
import io.kvd.bench.local.ServerJvm;
import io.kvd.client.KvdClient;
import io.kvd.client.RefusedException;
import io.kvd.core.base.Bytes;
import io.kvd.core.kv.RequestLimits;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the limits promise, with the limits that nobody set: a value of exactly the limit can be stored. */
@Tag("slow")
class LargestValueTest {
    private static final RequestLimits LIMITS = RequestLimits.DEFAULTS;

    @TempDir
    private Path directory = Path.of("");

    private LocalCluster cluster;
    private KvdClient client;

    @BeforeEach
    void start() {
        cluster = new LocalCluster(1, directory, List.of(), ServerJvm.FAST_START);
        cluster.startAll();
        client = KvdClient.builder().endpoints(cluster.addresses()).build();
        cluster.awaitLeader(client);
    }

    @AfterEach
    void stop() {
        client.close();
        cluster.close();
    }

    @Test
    void kvctlPutsAFileOfExactlyTheLimit() throws Exception {
        Path file = directory.resolve("largest");
        Files.write(file, letters('v', LIMITS.maxValueBytes()));

        String output = JavaProcess.kvctl(
                List.of("-e", cluster.addresses().get(0), "put", "largest", "@" + file));

        assertThat(output).startsWith("OK");
        assertThat(client.get("largest").orElseThrow().value().length())
                .isEqualTo(LIMITS.maxValueBytes());
    }

    @Test
    void theClientPutsTheLargestKeyWithTheLargestValueInASession() {
        Bytes key = Bytes.of(letters('k', LIMITS.maxKeyBytes()));
        Bytes value = Bytes.of(letters('v', LIMITS.maxValueBytes()));

        client.put(key, value);

        assertThat(client.get(key).orElseThrow().value()).isEqualTo(value);
    }

    @Test
    void oneByteMoreIsRefusedWithTheLimit() {
        Bytes value = Bytes.of(letters('v', LIMITS.maxValueBytes() + 1));

        RefusedException refused = catchThrowableOfType(
                RefusedException.class, () -> client.put(Bytes.utf8("k"), value));

        assertThat(refused)
                .hasMessageContaining("the value has 1572865 bytes, the limit is 1572864");
    }

    private static byte[] letters(char letter, int count) {
        byte[] letters = new byte[count];
        Arrays.fill(letters, (byte) letter);
        return letters;
    }
}
