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
        Path file = directory.resolve("fsync.probe");
        long[] nanos = new long[TIMES];
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            for (int i = 0; i < TIMES; i++) {
                long begin = System.nanoTime();
                block.clear();
                while (block.hasRemaining()) {
                    channel.write(block);
                }
                channel.force(false);
                nanos[i] = System.nanoTime() - begin;
            }
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException("writing " + file, e);
        }
        Arrays.sort(nanos);
        return nanos[TIMES / 2] / 1e3;
    }
}
