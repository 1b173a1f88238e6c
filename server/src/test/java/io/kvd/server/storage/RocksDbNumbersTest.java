package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

class RocksDbNumbersTest {
    @TempDir
    Path temporary = Path.of("");

    @Test
    void ofAStateTellWhatWasFlushedAndReadUntilItIsClosed() {
        try (RocksDbStateStores stores =
                new RocksDbStateStores(temporary.resolve("state"), StorageOptions.DEFAULT)) {
            assertThat(stores.numbers()).isEqualTo(RocksDbNumbers.NONE);
            try (StateStore state = stores.open(1, 1)) {
                state.write(new StateBatch().put(Bytes.utf8("key"), Bytes.utf8("value")));
                assertThat(stores.numbers().memtableBytes()).isPositive();

                state.flush();
                state.get(Bytes.utf8("key"));
                state.get(Bytes.utf8("key"));

                assertThat(stores.numbers().fileBytes()).isPositive();
                assertThat(stores.numbers().flushedBytes()).isPositive();
                assertThat(stores.numbers().cacheHits()).isPositive();
                assertThat(stores.numbers().writesHeldUp()).isZero();
            }
            assertThat(stores.numbers()).isEqualTo(RocksDbNumbers.NONE);
        }
    }

    @Test
    void ofALogAreThereWhileItIsOpen() {
        try (RocksDbLogStore log = RocksDbLogStore.at(temporary.resolve("log"), LogOnDisk.SMALL)) {
            assertThat(log.numbers()).isEqualTo(RocksDbNumbers.NONE);

            LogOnDisk.fill(log, 2);

            assertThat(log.numbers().memtableBytes() + log.numbers().fileBytes())
                    .isPositive();
        }
    }
}
