package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.node.NodeInput.DiskSpace;
import io.kvd.core.node.NodeInput.SpaceLevel;
import io.kvd.server.CapturedLog;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class DiskWatchTest {
    private static final int FAILS = -1;

    private final List<DiskSpace> said = new ArrayList<>();
    private final List<Integer> halts = new ArrayList<>();
    private final Halt halt = new Halt(() -> {}, halts::add);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void saysTheFirstLevelThenOnlyChangesAndNeedsAQuarterMoreToGoBack() {
        List<String> lines = watch(100, 99, 50, 100, 124, 125, 100, 99);

        assertThat(said)
                .extracting(DiskSpace::level)
                .containsExactly(
                        SpaceLevel.ENOUGH, SpaceLevel.LOW, SpaceLevel.ENOUGH, SpaceLevel.LOW);
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
                OpenDirectory open = new OpenDirectory(directory);
                DiskWatch watch =
                        DiskWatch.start(open.presence(), Long.MAX_VALUE / 2, said::add, halt)) {
            assertThat(halts).isEmpty();
            assertThat(said).containsExactly(new DiskSpace(SpaceLevel.LOW));
            assertThat(log.lines()).hasSize(1);
            assertThat(watch).isNotNull();
        }
    }

    @Test
    void endsTheProcessOfADirectoryThatIsGone() throws IOException {
        try (OpenDirectory open = new OpenDirectory(directory)) {
            Files.delete(directory.resolve("LOCK"));

            DiskWatch.start(open.presence(), 1, said::add, halt).close();
        }

        assertThat(halts).containsExactly(ExitCode.WRITE_FAILED.number());
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
                DiskWatch watch =
                        new DiskWatch(new DiskWatch.Doors(() -> {}, probe, said::add, halt), 100)) {
            while (!left.isEmpty()) {
                watch.look();
            }
            return log.lines();
        }
    }
}
