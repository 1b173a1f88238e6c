package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.Lives;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;
import io.kvd.server.storage.RocksDbLogStore;
import io.kvd.server.storage.StorageOptions;

import org.rocksdb.CompactionOptionsFIFO;
import org.rocksdb.CompactionStyle;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Something that makes runs of entries durable, one sync each, and keeps about the last {@link #KEPT_BYTES} of them.
 * Used by one thread.
 */
interface BatchLog extends Closeable {
    long GROUP = 1;
    long TERM = 1;

    /** As a node keeps for followers that are a little behind, and a little more, so that cuts are rare. */
    long KEPT_BYTES = 64 << 20;

    /** On return the run is durable. The runs follow each other, from index 1 on. */
    void write(Run run) throws IOException;

    /** The product's: a record for the run, one for term and vote, checks. */
    final class OfLogStore implements BatchLog {
        private final RocksDbLogStore store;
        private EntryId logStart = EntryId.NONE;
        private EntryId last = EntryId.NONE;

        OfLogStore(Path directory) {
            store = RocksDbLogStore.at(directory, StorageOptions.DEFAULT);
            store.restore();
            Bytes id = Bytes.of(new byte[16]);
            NodeRecord node =
                    new NodeRecord("bench", id, 1, id, Lives.NONE.next(1), Bytes.utf8("bootstrap"));
            store.write(new LogBatch(
                    List.of(node), List.of(batch(List.of(GroupRecord.INITIAL), List.of()))));
        }

        private static LogBatch.GroupWrite batch(List<GroupRecord> group, List<Run> runs) {
            return new LogBatch.GroupWrite(GROUP, new HardState(TERM, 1), group, 0, runs);
        }

        @Override
        public void write(Run run) {
            boolean isCut = store.sizeBytes(GROUP) > KEPT_BYTES;
            // The cut is up to a run's end, as a node's is to what is flushed.
            logStart = isCut ? last : logStart;
            List<GroupRecord> group = isCut ? List.of(new GroupRecord(logStart, 1)) : List.of();
            store.write(new LogBatch(List.of(), List.of(batch(group, List.of(run)))));
            last = run.lastId();
        }

        @Override
        public void close() {
            store.close();
        }
    }

    /** One RocksDB with one column family, one synced batch with one row for the run and one for term and vote. */
    final class OfRocksDb implements BatchLog {
        private static final long WRITE_BUFFER_BYTES = StorageOptions.DEFAULT.logWriteBufferBytes();
        private static final int WRITE_BUFFERS = 3;
        private static final byte[] HARD_STATE_KEY = {0};
        private static final int HARD_STATE_BYTES = 40;

        static {
            RocksDB.loadLibrary();
        }

        private final CompactionOptionsFIFO keep =
                new CompactionOptionsFIFO().setMaxTableFilesSize(KEPT_BYTES);
        private final Options options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setCompactionStyle(CompactionStyle.FIFO)
                .setCompactionOptionsFIFO(keep);
        private final WriteOptions synced = new WriteOptions().setSync(true);
        private final WriteBatch batch = new WriteBatch();
        private final byte[] hardState = new byte[HARD_STATE_BYTES];
        private final RocksDB database;

        OfRocksDb(Path directory) throws IOException {
            try {
                database = RocksDB.open(options, directory.toString());
            } catch (RocksDBException e) {
                throw new IOException("opening " + directory, e);
            }
        }

        @Override
        public void write(Run run) throws IOException {
            Bytes key = new BytesWriter(1 + 2 * Long.BYTES)
                    .putByte(1)
                    .putLong(GROUP)
                    .putLong(run.firstIndex())
                    .toBytes();
            try {
                batch.clear();
                batch.put(key.array(), run.encoded().compact().array());
                batch.put(HARD_STATE_KEY, hardState);
                database.write(synced, batch);
            } catch (RocksDBException e) {
                throw new IOException("writing " + run, e);
            }
        }

        @Override
        public void close() {
            database.close();
            batch.close();
            synced.close();
            options.close();
            keep.close();
        }
    }

    /** The bytes behind each other in one file, which begins anew when it is full, and fdatasync. */
    final class OfFile implements BatchLog {
        private final FileChannel channel;

        OfFile(Path file) throws IOException {
            channel =
                    FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void write(Run run) throws IOException {
            if (channel.position() > KEPT_BYTES) {
                channel.truncate(0);
            }
            Bytes bytes = run.encoded();
            ByteBuffer buffer = ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
