package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Lives;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogBatch.GroupWrite;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A log that was written to and left as a power cut leaves it, and ways to damage it. */
final class LogOnDisk {
    static final StorageOptions SMALL = new StorageOptions(64 << 10, 16 << 20);
    static final NodeRecord NODE = new NodeRecord(
            "a cluster",
            Bytes.utf8("cluster-16-bytes"),
            3,
            Bytes.utf8("store-of-16-byte"),
            Lives.NONE.next(9),
            Bytes.EMPTY);
    static final int PAYLOAD_BYTES = 1000;

    private LogOnDisk() {}

    /** NODE, group 1 and {@code batches} batches of one run of 4 entries each; copied while it is open. */
    static void write(Path directory, int batches) throws IOException {
        Path live = directory.resolveSibling(directory.getFileName() + "-live");
        try (RocksDbLogStore store = RocksDbLogStore.at(live, StorageOptions.DEFAULT)) {
            fill(store, batches);
            copy(live, directory);
        }
    }

    static void fill(RocksDbLogStore store, int batches) {
        store.restore();
        store.write(new LogBatch(
                List.of(NODE),
                List.of(new GroupWrite(
                        1, new HardState(1, 3), List.of(GroupRecord.INITIAL), 0, List.of()))));
        for (int i = 0; i < batches; i++) {
            store.write(batch(1 + 4L * i));
        }
    }

    /** One run of 4 entries. */
    static LogBatch batch(long firstIndex) {
        List<Entry> entries = new ArrayList<>();
        for (long index = firstIndex; index < firstIndex + 4; index++) {
            entries.add(new Entry(
                    new EntryId(1, index),
                    EntryKind.COMMAND,
                    Entry.Stamp.ZERO,
                    Entry.Origin.NONE,
                    Bytes.of(new byte[PAYLOAD_BYTES])));
        }
        return new LogBatch(
                List.of(),
                List.of(new GroupWrite(
                        1, new HardState(1, 3), List.of(), 0, List.of(Run.encode(1, entries)))));
    }

    static RestoredLog restore(Path directory) {
        try (RocksDbLogStore store = RocksDbLogStore.at(directory, SMALL)) {
            return store.restore();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        for (Path file : DataFiles.list(from)) {
            Files.copy(file, to.resolve(file.getFileName()));
        }
    }

    /** The WALs, oldest first. */
    static List<Path> wals(Path directory) {
        return DataFiles.list(directory).stream()
                .filter(f -> f.toString().endsWith(".log"))
                .toList();
    }

    static void flip(Path file, long position) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 0x10)).flip();
            channel.write(one, position);
        }
    }

    static void cutTail(Path file, long bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - bytes);
        }
    }

    /** Every file's content, but for RocksDB's own LOG and LOCK. */
    static Map<String, Bytes> contents(Path directory) throws IOException {
        Map<String, Bytes> contents = new TreeMap<>();
        for (Path file : DataFiles.list(directory)) {
            String name = file.getFileName().toString();
            if (!name.startsWith("LOG") && !name.equals("LOCK")) {
                contents.put(name, Bytes.of(Files.readAllBytes(file)));
            }
        }
        return contents;
    }
}
