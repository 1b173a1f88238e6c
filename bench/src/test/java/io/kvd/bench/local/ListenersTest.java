package io.kvd.bench.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ListenersTest {

    @Test
    void processThatListensOnAnAddressOfThisMachineIsFound() throws IOException {
        assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")), "no /proc here");
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String here = "127.0.0.1:" + socket.getLocalPort();

            assertThat(Listeners.at(List.of(here)))
                    .containsExactly(ProcessHandle.current().pid());
            // Figures of some of the servers would be taken for those of all.
            assertThat(Listeners.at(List.of(here, "127.0.0.1:" + freePort()))).isEmpty();
        }
    }

    @Test
    void addressElsewhereIsNobodysHere() {
        assertThat(Listeners.at(List.of("192.0.2.1:22"))).isEmpty();
    }

    @Test
    void consumptionOfAProcessGrowsAndOfNoneIsNotKnown() {
        assumeTrue(Files.isReadable(Path.of("/proc/self/io")), "no /proc here");
        Consumption before = Consumption.ofThisProcess();
        Consumption after = before;
        while (after.cpuSeconds() == before.cpuSeconds()) {
            after = Consumption.ofThisProcess();
        }

        assertThat(after.cpuSeconds()).isGreaterThan(before.cpuSeconds());
        assertThat(after.machine().busySeconds())
                .isGreaterThanOrEqualTo(before.machine().busySeconds());
        assertThat(after.residentBytes()).isGreaterThan(1 << 20);
        assertThat(Consumption.of(List.of()).cpuSeconds()).isNaN();
        assertThat(Consumption.of(List.of(Long.MAX_VALUE)).writtenBytes()).isNaN();
    }

    private static int freePort() {
        return FreePorts.choose(1).get(0);
    }
}
