package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;

import java.util.List;
import java.util.Optional;

/** Where apply finds the rows that a batch is about to replace. Apply thread. */
interface OldRows {
    /** The rows' values, in the order of the keys. */
    List<Optional<Bytes>> rows(List<Bytes> rowKeys);

    /** A row was written. */
    void written(Bytes rowKey, Bytes row);

    /** Nothing is kept: the store is asked. */
    record InStore(Reader reader) implements OldRows {
        @Override
        public List<Optional<Bytes>> rows(List<Bytes> rowKeys) {
            return reader.read(rowKeys);
        }

        @Override
        public void written(Bytes rowKey, Bytes row) {}
    }

    /** Reads rows of a store. */
    interface Reader {
        List<Optional<Bytes>> read(List<Bytes> rowKeys);
    }
}
