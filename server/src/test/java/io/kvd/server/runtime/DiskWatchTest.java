package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeInput.DiskSpace;
import io.kvd.core.node.NodeInput.SpaceLevel;
import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class DiskWatchTest {
    private static final int FAILS = -1;

    private final List<DiskSpace> said = new ArrayList<>();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void saysOnlyChangesAndNeedsAQuarterMoreToGoBack() {
        List<String> lines = watch(100, 99, 50, 100, 124, 125, 100, 99);

        assertThat(said)
                .extracting(DiskSpace::level)
                .containsExactly(SpaceLevel.LOW, SpaceLevel.ENOUGH, SpaceLevel.LOW);
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .isEqualTo(
                        "WARN disk space is low: writes are refused freeBytes=99 minFreeBytes=100");
    }

    @Test
    void keepsItsOpinionWhenItCannotLookAndSaysSoOnce() {
        List<String> lines = watch(99, FAILS, FAILS, 125, FAILS);

        assertThat(said)
                .extracting(DiskSpace::level)
                .containsExactly(SpaceLevel.LOW, SpaceLevel.ENOUGH);
        assertThat(lines).filteredOn(line -> line.contains("can't tell")).hasSize(2);
    }

    @Test
    void looksOnceBeforeItReturns() {
        try (CapturedLog log = CapturedLog.of(DiskWatch.class);
                DiskWatch watch = DiskWatch.start(directory, Long.MAX_VALUE / 2, said::add)) {
            assertThat(said).containsExactly(new DiskSpace(SpaceLevel.LOW));
            assertThat(log.lines()).hasSize(1);
            assertThat(watch).isNotNull();
        }
    }

    private List<String> watch(int... freeBytes) {
        List<Integer> left = new ArrayList<>();
        for (int free : freeBytes) {
            left.add(free);
        }
        DiskWatch.Probe probe = () -> {
            int free = left.remove(0);
            if (free == FAILS) {
                throw new IOException("unplugged");
            }
            return free;
        };
        try (CapturedLog log = CapturedLog.of(DiskWatch.class);
                DiskWatch watch = new DiskWatch(probe, 100, said::add)) {
            while (!left.isEmpty()) {
                watch.look();
            }
            return log.lines();
        }
    }
}
