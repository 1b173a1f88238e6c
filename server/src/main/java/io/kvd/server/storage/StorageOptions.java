package io.kvd.server.storage;

import io.kvd.core.base.Check;

/**
 * How much native memory the stores of a node may use.
 *
 * @param logWriteBufferBytes the log's newest entries, beside its WAL; bounds what a start replays
 * @param stateMemoryBytes block cache, index and filter blocks and write buffers of all states together
 */
public record StorageOptions(long logWriteBufferBytes, long stateMemoryBytes) {
    /** Write buffers of the log that may exist at once: one is written to, the others are being flushed. */
    static final int LOG_WRITE_BUFFERS = 3;

    private static final long LOG_WRITE_BUFFER_BYTES = 16 << 20;
    private static final long MIN_STATE_MEMORY_BYTES = 16 << 20;

    public static final StorageOptions DEFAULT = ofMemory(256L << 20);

    public StorageOptions {
        Check.that(logWriteBufferBytes >= 64 << 10, "logWriteBufferBytes %d", logWriteBufferBytes);
        Check.that(
                stateMemoryBytes >= MIN_STATE_MEMORY_BYTES,
                "stateMemoryBytes %d",
                stateMemoryBytes);
    }

    /** A log of the usual size, and the rest of {@code memoryBytes} for the state. At least 64 MiB. */
    public static StorageOptions ofMemory(long memoryBytes) {
        long logBytes = LOG_WRITE_BUFFERS * LOG_WRITE_BUFFER_BYTES;
        return new StorageOptions(
                LOG_WRITE_BUFFER_BYTES, Math.max(MIN_STATE_MEMORY_BYTES, memoryBytes - logBytes));
    }

    /** All native memory that the stores may use. */
    public long memoryBytes() {
        return LOG_WRITE_BUFFERS * logWriteBufferBytes + stateMemoryBytes;
    }
}
