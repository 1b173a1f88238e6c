package io.kvd.bench.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** How fast the disk is at the moment: every durable put waits for it. */
public final class Fsync {
    private static final int TIMES = 200;
    private static final int BLOCK_BYTES = 4096;

    private Fsync() {}

    /** The median time, in microseconds, to append 4 KiB to a file in the directory and fsync it. */
    public static double medianMicros(Path directory) {
        try {
            Path file = Files.createTempFile(directory, "fsync-", ".probe");
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                return medianMicros(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("writing a file in " + directory, e);
        }
    }

    private static double medianMicros(FileChannel channel) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        long[] nanos = new long[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long begin = System.nanoTime();
            block.clear();
            while (block.hasRemaining()) {
                channel.write(block);
            }
            channel.force(false);
            nanos[i] = System.nanoTime() - begin;
        }
        Arrays.sort(nanos);
        return nanos[TIMES / 2] / 1e3;
    }
}
