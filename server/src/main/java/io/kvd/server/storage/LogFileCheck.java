package io.kvd.server.storage;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Crc32c;
import io.kvd.core.base.DamagedException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Checks every record of a RocksDB WAL or MANIFEST, before RocksDB reads it. RocksDB takes some damage for the end of
 * the file, in every recovery mode, and silently drops what follows, fsynced or not: a length that points beyond the
 * file looks torn by a power cut, a type of recycled files looks like an older life of the file. One flipped bit can
 * make a whole log disappear (found by flipping each of them, see the test).
 *
 * <p>The format: blocks of 32 KiB; in a block, records of masked crc32c(4) length(2) type(1) payload, little-endian,
 * the checksum covering type and payload; less than 7 bytes at a block's end are not used. Only what was written last
 * can be torn, and a torn tail has nothing whole in it.
 */
final class LogFileCheck {
    private static final int BLOCK_BYTES = 32 << 10;
    private static final int HEADER_BYTES = 7;
    private static final int LENGTH_AT = 4;
    private static final int TYPE_AT = 6;
    /** FULL, FIRST, MIDDLE, LAST; the others belong to options that are off. */
    private static final int MAX_TYPE = 4;

    private static final int CRC_MASK_DELTA = 0xa282ead8;

    private LogFileCheck() {}

    /** @throws DamagedException if anything but the file's end is not whole */
    static void check(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            check(file, in);
        }
    }

    /** The same for a file's content. */
    static void check(Path file, InputStream in) throws IOException {
        Bytes block = Bytes.of(in.readNBytes(BLOCK_BYTES));
        for (long start = 0; !block.isEmpty(); start += BLOCK_BYTES) {
            Bytes next = Bytes.of(in.readNBytes(BLOCK_BYTES));
            int whole = wholeRecordsEnd(block);
            boolean used = whole + HEADER_BYTES > block.length();
            if (!used && !(next.isEmpty() && isTorn(block, whole))) {
                throw new DamagedException("%s: damaged at %d".formatted(file, start + whole));
            }
            block = next;
        }
    }

    /** Where the first thing in the block stands that is not a whole record. */
    private static int wholeRecordsEnd(Bytes block) {
        int at = 0;
        while (isRecord(block, at, lengthAt(block, at))) {
            at += HEADER_BYTES + lengthAt(block, at);
        }
        return at;
    }

    /**
     * Whether the rest of the file is what a power cut leaves of a record: not all of its bytes, or none of them.
     * Were its length damaged, something whole would be there: itself with its true length, or what follows it.
     */
    private static boolean isTorn(Bytes block, int from) {
        if (block.slice(from).equals(Bytes.of(new byte[block.length() - from]))) {
            return true;
        }
        int bytesLeft = block.length() - from - HEADER_BYTES;
        if (!isKnownType(block, from)
                || lengthAt(block, from) <= bytesLeft
                || isRecord(block, from, bytesLeft)) {
            return false;
        }
        for (int behind = from + 1; behind + HEADER_BYTES <= block.length(); behind++) {
            if (isRecord(block, behind, lengthAt(block, behind))) {
                return false;
            }
        }
        return true;
    }

    private static int lengthAt(Bytes block, int at) {
        boolean header = at + HEADER_BYTES <= block.length();
        return header
                ? ((block.byteAt(at + LENGTH_AT + 1) & 0xff) << 8)
                        | (block.byteAt(at + LENGTH_AT) & 0xff)
                : 0;
    }

    /** Whether a record of that length stands there, by its checksum. */
    private static boolean isRecord(Bytes block, int at, int length) {
        if (length < 0 || at + HEADER_BYTES + length > block.length() || !isKnownType(block, at)) {
            return false;
        }
        int crc = new Crc32c()
                .update(block.slice(at + TYPE_AT, at + HEADER_BYTES + length))
                .value();
        return Integer.reverseBytes(block.intAt(at))
                == Integer.rotateRight(crc, 15) + CRC_MASK_DELTA;
    }

    private static boolean isKnownType(Bytes block, int at) {
        int type = block.byteAt(at + TYPE_AT);
        return type >= 1 && type <= MAX_TYPE;
    }
}
