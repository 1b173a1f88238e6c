package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesReader;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.StorageException;
import io.kvd.core.codec.Life;
import io.kvd.core.codec.Lives;
import io.kvd.core.codec.Remembered;
import io.kvd.core.node.GroupRecord;
import io.kvd.core.node.NodeRecord;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;

import java.util.ArrayList;
import java.util.List;

/**
 * The log's keys and values, all of them. Big-endian. Every value begins with a crc32c of its key and of what follows
 * in it, so that a record under another key is damage too; the entries of a run carry checksums of their own.
 *
 * <pre>
 * family   key                               value
 * default  1                       NODE      crc(4) formatVersion(4) minReaderVersion(4) nodeId(8) incarnation(8)
 *                                            clusterName(sized) clusterId(sized) storeId(sized) bootstrap(sized)
 *                                            nonces(4) each: nonce(8), of the last lives, to this one
 *                                            olderCopy(sized)
 *                                            peers(4) each: nodeId(8) incarnation(8) nonce(8) term(8) index(8)
 * default  2 groupId(8)            HARD_STATE crc(4) format(1)=1 term(8) votedFor(8) lastTerm(8) lastIndex(8)
 * default  3 groupId(8)            GROUP     crc(4) format(1)=1 flags(1)=0 logStartTerm(8) logStartIndex(8)
 *                                            stateGeneration(8)
 * runs     4 groupId(8) firstIndex(8) RUN    crc(4) format(1)=1 entryCount(4) position(8) entries (EntryFormat)
 * </pre>
 *
 * A size is 4 bytes. lastTerm and lastIndex are where the log ended after the batch: lost runs show. position is
 * the sum of the entry bytes of the runs before, so the size of a log is a difference of two of them; what it starts
 * from says nothing. flags is for removed groups, later.
 */
final class LogKeys {
    static final byte NODE = 1;
    static final byte HARD_STATE = 2;
    static final byte GROUP = 3;
    static final byte RUN = 4;

    /** Bytes of a RUN value before its entries. */
    static final int RUN_HEADER_BYTES = 17;

    static final int RUN_KEY_BYTES = 17;

    static final int GROUP_KEY_BYTES = 9;

    private static final int FORMAT = 1;
    private static final int FLAGS_LIVE = 0;
    private static final int CRC_BYTES = 4;

    private LogKeys() {}

    /** A HARD_STATE value: what must never be forgotten, and where the log ended when it was written. */
    record HardStateRecord(HardState hardState, EntryId last) {}

    /** A RUN value before its entries. */
    record RunHeader(int entryCount, long position) {}

    static Bytes nodeKey() {
        return Bytes.of(new byte[] {NODE});
    }

    static Bytes hardStateKey(long groupId) {
        return new BytesWriter(GROUP_KEY_BYTES)
                .putByte(HARD_STATE)
                .putLong(groupId)
                .toBytes();
    }

    static Bytes groupKey(long groupId) {
        return new BytesWriter(GROUP_KEY_BYTES).putByte(GROUP).putLong(groupId).toBytes();
    }

    static Bytes runKey(long groupId, long firstIndex) {
        return new BytesWriter(RUN_KEY_BYTES)
                .putByte(RUN)
                .putLong(groupId)
                .putLong(firstIndex)
                .toBytes();
    }

    static byte kindOf(Bytes key) {
        if (key.isEmpty()) {
            throw new DamagedException("an empty key");
        }
        return key.byteAt(0);
    }

    /** The group of a HARD_STATE, GROUP or RUN key. */
    static long groupIdOf(Bytes key) {
        if (key.length() != GROUP_KEY_BYTES && key.length() != RUN_KEY_BYTES) {
            throw new DamagedException("unknown key " + key);
        }
        return key.longAt(1);
    }

    static long firstIndexOf(Bytes runKey) {
        if (runKey.length() != RUN_KEY_BYTES || runKey.byteAt(0) != RUN) {
            throw new DamagedException("not the key of a run: " + runKey);
        }
        return runKey.longAt(GROUP_KEY_BYTES);
    }

    static Bytes encode(NodeRecord node) {
        BytesWriter out = new BytesWriter(128)
                .putInt(0)
                .putInt(NodeRecord.FORMAT_VERSION)
                .putInt(NodeRecord.MIN_READER_VERSION)
                .putLong(node.nodeId())
                .putLong(node.incarnation())
                .putSized(Bytes.utf8(node.clusterName()))
                .putSized(node.clusterId())
                .putSized(node.storeId())
                .putSized(node.bootstrap())
                .putInt(node.lives().nonces().size());
        node.lives().nonces().forEach(out::putLong);
        out.putSized(Bytes.utf8(node.olderCopy())).putInt(node.peers().size());
        for (NodeRecord.RememberedPeer peer : node.peers()) {
            out.putLong(peer.nodeId())
                    .putLong(peer.remembered().life().incarnation())
                    .putLong(peer.remembered().life().nonce())
                    .putLong(peer.remembered().term())
                    .putLong(peer.remembered().index());
        }
        return sealed(nodeKey(), out);
    }

    /** @throws StorageException REFUSED, if only a newer program can read this directory */
    static NodeRecord decodeNode(Bytes value) {
        BytesReader in = unsealed(nodeKey(), value);
        int formatVersion = in.readInt();
        int minReaderVersion = in.readInt();
        if (minReaderVersion > NodeRecord.FORMAT_VERSION) {
            throw new StorageException(
                    StorageException.Kind.REFUSED,
                    ("refusing to start: the directory has format %d, which needs a program that reads format %d; this one"
                                    + " reads %d: upgrade kvd")
                            .formatted(formatVersion, minReaderVersion, NodeRecord.FORMAT_VERSION));
        }
        long nodeId = in.readLong();
        long incarnation = in.readLong();
        String clusterName = in.readSized().toUtf8();
        Bytes clusterId = in.readSized();
        Bytes storeId = in.readSized();
        Bytes bootstrap = in.readSized();
        Lives lives = readLives(in, incarnation);
        String olderCopy = in.readSized().toUtf8();
        List<NodeRecord.RememberedPeer> peers = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            peers.add(new NodeRecord.RememberedPeer(
                    in.readLong(),
                    new Remembered(
                            new Life(in.readLong(), in.readLong()), in.readLong(), in.readLong())));
        }
        return new NodeRecord(
                clusterName, clusterId, nodeId, storeId, lives, bootstrap, peers, olderCopy);
    }

    private static Lives readLives(BytesReader in, long incarnation) {
        int count = in.readInt();
        if (!Lives.isPossible(incarnation, count)) {
            throw new DamagedException("%d nonces of %d lives".formatted(count, incarnation));
        }
        List<Long> nonces = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            nonces.add(in.readLong());
        }
        return new Lives(incarnation, nonces);
    }

    static Bytes encode(long groupId, HardStateRecord record) {
        BytesWriter out = new BytesWriter(37)
                .putInt(0)
                .putByte(FORMAT)
                .putLong(record.hardState().term())
                .putLong(record.hardState().votedFor())
                .putLong(record.last().term())
                .putLong(record.last().index());
        return sealed(hardStateKey(groupId), out);
    }

    static HardStateRecord decodeHardState(Bytes key, Bytes value) {
        BytesReader in = unsealed(key, value);
        checkFormat(in);
        return new HardStateRecord(
                new HardState(in.readLong(), in.readLong()),
                new EntryId(in.readLong(), in.readLong()));
    }

    static Bytes encode(long groupId, GroupRecord record) {
        BytesWriter out = new BytesWriter(30)
                .putInt(0)
                .putByte(FORMAT)
                .putByte(FLAGS_LIVE)
                .putLong(record.logStart().term())
                .putLong(record.logStart().index())
                .putLong(record.stateGeneration());
        return sealed(groupKey(groupId), out);
    }

    static GroupRecord decodeGroup(Bytes key, Bytes value) {
        BytesReader in = unsealed(key, value);
        checkFormat(in);
        int flags = in.readByte();
        if (flags != FLAGS_LIVE) {
            throw new DamagedException(
                    "group flags %d are not known to this version".formatted(flags));
        }
        return new GroupRecord(new EntryId(in.readLong(), in.readLong()), in.readLong());
    }

    /** A RUN value's first bytes; the run's own follow. */
    static Bytes encode(Bytes runKey, RunHeader header) {
        BytesWriter out = new BytesWriter(RUN_HEADER_BYTES)
                .putInt(0)
                .putByte(FORMAT)
                .putInt(header.entryCount())
                .putLong(header.position());
        return sealed(runKey, out);
    }

    /** Reads a RUN value's header, from the value or from its first {@link #RUN_HEADER_BYTES}. */
    static RunHeader decodeRunHeader(Bytes runKey, Bytes value) {
        if (value.length() < RUN_HEADER_BYTES) {
            throw new DamagedException("record of %d bytes".formatted(value.length()));
        }
        BytesReader in = unsealed(runKey, value.slice(0, RUN_HEADER_BYTES));
        checkFormat(in);
        return new RunHeader(in.readInt(), in.readLong());
    }

    /** Reads and checks a RUN value: header, every entry, and that they are those that the key and header name. */
    static Run decodeRun(Bytes runKey, Bytes value) {
        RunHeader header = decodeRunHeader(runKey, value);
        Run run = Run.decode(groupIdOf(runKey), value.slice(RUN_HEADER_BYTES));
        if (run.firstIndex() != firstIndexOf(runKey) || run.entryCount() != header.entryCount()) {
            throw new DamagedException("%s under the key of %d entries from index %d"
                    .formatted(run, header.entryCount(), firstIndexOf(runKey)));
        }
        return run;
    }

    /** Fills in the checksum that {@code out} has left room for. */
    private static Bytes sealed(Bytes key, BytesWriter out) {
        int crc = new Crc32c().update(key).update(out.written(CRC_BYTES)).value();
        return out.setInt(0, crc).toBytes();
    }

    /** A reader of what follows the checksum, which is right. */
    private static BytesReader unsealed(Bytes key, Bytes value) {
        if (value.length() <= CRC_BYTES) {
            throw new DamagedException("record of %d bytes".formatted(value.length()));
        }
        int stored = value.intAt(0);
        int actual = new Crc32c().update(key).update(value.slice(CRC_BYTES)).value();
        if (stored != actual) {
            throw new DamagedException(
                    "checksum %08x, its bytes have %08x".formatted(stored, actual));
        }
        return new BytesReader(value.slice(CRC_BYTES));
    }

    private static void checkFormat(BytesReader in) {
        int format = in.readByte();
        if (format != FORMAT) {
            throw new DamagedException(
                    "record format %d is not known to this version".formatted(format));
        }
    }
}
