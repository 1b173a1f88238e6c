package io.kvd.cli;

import io.kvd.client.KeyRange;
import io.kvd.core.base.Bytes;

/** Which keys an operation reads or writes: whether two may be under way together without the order showing. */
record Touch(KeyRange keys, Access access) {
    private static final Bytes ZERO = Bytes.of(new byte[] {0});

    enum Access {
        READ,
        WRITE
    }

    static Touch read(KeyRange keys) {
        return new Touch(keys, Access.READ);
    }

    static Touch read(Bytes key) {
        return new Touch(single(key), Access.READ);
    }

    static Touch write(Bytes key) {
        return new Touch(single(key), Access.WRITE);
    }

    /** Whether it matters which of the two comes first. */
    boolean conflictsWith(Touch other) {
        return (access == Access.WRITE || other.access == Access.WRITE)
                && beginsBeforeEndOf(other.keys)
                && other.beginsBeforeEndOf(keys);
    }

    private boolean beginsBeforeEndOf(KeyRange range) {
        return range.to().equals(ZERO) || keys.from().compareTo(range.to()) < 0;
    }

    /** The key alone: up to its successor, which is the key and a zero byte. */
    private static KeyRange single(Bytes key) {
        byte[] successor = new byte[key.length() + 1];
        System.arraycopy(key.array(), key.offset(), successor, 0, key.length());
        return new KeyRange(key, Bytes.of(successor));
    }
}
