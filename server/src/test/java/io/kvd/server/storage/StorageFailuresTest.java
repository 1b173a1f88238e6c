package io.kvd.server.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

import java.nio.file.Path;

/** Which kind of failure it is decides the exit code, and so what an operator does. */
class StorageFailuresTest {
    @BeforeAll
    static void load() {
        NativeLibrary.load();
    }

    @ParameterizedTest
    @CsvSource({
        "IOError, None, While open a file for appending: data/log/LOG: Permission denied, REFUSED",
        "IOError, None, While mkdir if missing: data/log: Read-only file system, REFUSED",
        "IOError, None, While lock file: data/log/LOCK: Resource temporarily unavailable, REFUSED",
        "IOError, NoSpace, While appending to file: No space left on device, NO_SPACE",
        "IOError, None, While pread: Input/output error, IO",
        "IOError, None, data/log/000008.sst: No such file or directory, DAMAGE",
        "Corruption, None, block checksum mismatch, DAMAGE",
    })
    void whatFailsAnOpeningDecidesTheKind(
            Status.Code code, Status.SubCode subCode, String message, Kind kind) {
        RocksDBException cause = new RocksDBException(message, new Status(code, subCode, message));

        StorageException failure = StorageFailures.opening(Path.of("data/log"), cause);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure).hasMessageContaining("data/log").hasCause(cause);
    }
}
