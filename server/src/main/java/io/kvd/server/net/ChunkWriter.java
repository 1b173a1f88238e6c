package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;

/**
 * Copies byte strings into the socket's buffers: once, since a socket takes only memory outside the heap. The chunks
 * are of a size that the pool keeps, and the number of them that left shows that the other end reads.
 */
final class ChunkWriter {
    private static final int CHUNK_BYTES = 128 << 10;

    private final Channel channel;
    private final ChannelFutureListener chunkDone;
    private long remaining;
    private ByteBuf chunk = Unpooled.EMPTY_BUFFER;

    /**
     * Begins to write {@code totalBytes}, neither more nor less; {@code chunkDone} is told of each chunk that left or
     * never will.
     */
    ChunkWriter(Channel channel, long totalBytes, ChannelFutureListener chunkDone) {
        this.channel = channel;
        this.chunkDone = chunkDone;
        this.remaining = totalBytes;
    }

    ChunkWriter putInt(int value) {
        if (chunk.writableBytes() < Integer.BYTES) {
            nextChunk();
        }
        chunk.writeInt(value);
        remaining -= Integer.BYTES;
        return this;
    }

    ChunkWriter put(Bytes bytes) {
        int from = 0;
        while (from < bytes.length()) {
            if (!chunk.isWritable()) {
                nextChunk();
            }
            int more = Math.min(chunk.writableBytes(), bytes.length() - from);
            chunk.writeBytes(bytes.array(), bytes.offset() + from, more);
            from += more;
            remaining -= more;
        }
        return this;
    }

    /** Writes what is left, without a flush. The future is done when all of it was written, or nothing more will. */
    ChannelFuture end() {
        ByteBuf last = chunk;
        chunk = Unpooled.EMPTY_BUFFER;
        return channel.write(last).addListener(chunkDone);
    }

    private void nextChunk() {
        if (chunk.isReadable()) {
            channel.write(chunk).addListener(chunkDone);
        }
        int bytes = (int) Math.max(Integer.BYTES, Math.min(remaining, CHUNK_BYTES));
        chunk = channel.alloc().ioBuffer(bytes, bytes);
    }
}
