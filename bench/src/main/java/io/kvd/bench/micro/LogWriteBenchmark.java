package io.kvd.bench.micro;

import io.kvd.bench.local.TemporaryDirectory;
import io.kvd.core.raft.Run;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to make a batch of entries durable. One operation is one batch of so many entries of 300 bytes,
 * written and synced once: by the product's log store, by RocksDB without it, and by a file without RocksDB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls open().
public class LogWriteBenchmark {
    /** Who writes. */
    public enum Writer {
        LOG_STORE,
        ROCKSDB,
        FILE;

        private BatchLog open(Path directory) throws IOException {
            return switch (this) {
                case LOG_STORE -> new BatchLog.OfLogStore(directory);
                case ROCKSDB -> new BatchLog.OfRocksDb(directory);
                case FILE -> new BatchLog.OfFile(directory.resolve("log"));
            };
        }
    }

    /** Where to. */
    public enum Disk {
        /** {@code java.io.tmpdir}. */
        REAL,
        /** Linux's file system in memory, where a sync is a call and no more: what is left is the cost beside it. */
        MEMORY;

        private static final Path IN_MEMORY = Path.of("/dev/shm");

        boolean isThere() {
            return this == REAL || Files.isDirectory(IN_MEMORY);
        }

        private TemporaryDirectory directory() throws IOException {
            String prefix = "kvbench-log-";
            return this == REAL
                    ? TemporaryDirectory.create(prefix)
                    : new TemporaryDirectory(Files.createTempDirectory(IN_MEMORY, prefix));
        }
    }

    @Param({"LOG_STORE", "ROCKSDB", "FILE"})
    private Writer writer = Writer.LOG_STORE;

    @Param({"REAL", "MEMORY"})
    private Disk disk = Disk.REAL;

    @Param({"1", "16", "64", "256", "1024"})
    private int entries = 1;

    private TemporaryDirectory directory;
    private PreparingThread preparing;
    private LogEntries source;
    private BatchLog log;
    private Run prepared;

    @Setup
    public void open() throws IOException {
        directory = disk.directory();
        preparing = new PreparingThread();
        source = new LogEntries(BatchLog.TERM, 0);
        log = writer.open(directory.path());
    }

    @Setup(Level.Invocation)
    public void prepare() {
        prepared = preparing.get(() -> source.next(BatchLog.GROUP, entries));
    }

    @Benchmark
    public void write() throws IOException {
        log.write(prepared);
    }

    @TearDown
    public void remove() throws IOException {
        preparing.close();
        log.close();
        directory.close();
    }
}
