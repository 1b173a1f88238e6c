package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesReader;
import io.kvd.core.base.BytesWriter;

/**
 * One version of a key in the prototypes, and its row: as many bytes, in the same order, as the CURRENT rows of the
 * product have.
 *
 * @param modRevision 0 = the key is absent
 */
record Version(long createRevision, long modRevision, long version, Bytes value) {
    static final Version ABSENT = new Version(0, 0, 0, Bytes.EMPTY);

    private static final int HEADER_BYTES = 34;
    private static final int HEADER_LENGTH = HEADER_BYTES - 1;
    private static final int PLAIN = 0;
    private static final long NO_LEASE = 0;

    boolean exists() {
        return modRevision != 0;
    }

    /** What a put of that revision makes of it. */
    Version put(long revision, Bytes newValue) {
        return new Version(exists() ? createRevision : revision, revision, version + 1, newValue);
    }

    Bytes encode() {
        return new BytesWriter(HEADER_BYTES + value.length())
                .putByte(HEADER_LENGTH)
                .putByte(PLAIN)
                .putLong(createRevision)
                .putLong(modRevision)
                .putLong(version)
                .putLong(NO_LEASE)
                .put(value)
                .toBytes();
    }

    static Version decode(Bytes row) {
        BytesReader in = new BytesReader(row.slice(2));
        return new Version(in.readLong(), in.readLong(), in.readLong(), row.slice(HEADER_BYTES));
    }
}
