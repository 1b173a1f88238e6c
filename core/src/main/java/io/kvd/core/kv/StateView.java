package io.kvd.core.kv;

import io.kvd.core.base.Bytes;

import java.util.List;
import java.util.Optional;

/** A consistent picture of all rows of a {@link StateStore}. Used by one thread at a time; must be closed. */
public interface StateView extends AutoCloseable {
    Optional<Bytes> get(Bytes key);

    List<Optional<Bytes>> multiGet(List<Bytes> keys);

    /**
     * Rows with {@code from <= key < to} in ascending order; {@code to} empty = to the end. The cursor stands before
     * the first row; it must be closed before the view.
     */
    Cursor scan(Bytes from, Bytes to);

    @Override
    void close();

    /** {@code while (cursor.next()) { use(cursor.key(), cursor.value()); }} */
    interface Cursor extends AutoCloseable {
        /**
         * Steps to the next row; false after the last one.
         *
         * @throws io.kvd.core.base.StorageException rows can't be read: never an early end
         */
        boolean next();

        /** The row's key; valid for ever. */
        Bytes key();

        /** The row's value; valid for ever. */
        Bytes value();

        @Override
        void close();
    }
}
