package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.codec.Wire;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.OutOfDirectMemoryError;

import java.io.IOException;
import java.util.List;

/**
 * One connection, inbound or dialled: cuts its bytes into frames for the {@link Stage} that it is at, bounds what it
 * may cost in memory and time, and ends it. Owned by its net thread. What goes wrong on it ends it and no other one.
 */
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Listener {
    /** How long a connection that was refused may take to read why, before it is closed for good. */
    private static final int LINGER_MS = 1_000;

    private static final int SHOWN_START_BYTES = 4;

    /** A handshake record of any TLS version. */
    private static final Bytes TLS_RECORD = Bytes.of(new byte[] {0x16, 0x03});

    private final SocketChannel channel;
    private final NetContext context;
    private final LoopConnections siblings;
    private final FrameReader reader = new FrameReader();
    private final Deadline stageDeadline = new Deadline();
    private final Deadline frameDeadline = new Deadline();
    private final Deadline lingerDeadline = new Deadline();
    private final ChannelFutureListener chunkDone = done -> wroteSomething();

    private Stage stage = Stage.NONE;
    /** Kept from the start: a channel that is gone knows it no more. */
    private String remote = "unknown";
    /** Bytes handed to the channel and not yet to the kernel. */
    private long pendingWriteBytes;
    /** When the kernel last took something, or there was nothing to take. */
    private long writeProgressNanos;

    /** @param siblings the connections of the channel's net thread */
    Connection(SocketChannel channel, NetContext context, LoopConnections siblings) {
        this.channel = channel;
        this.context = context;
        this.siblings = siblings;
    }

    /** Hands what comes from now on to the next stage. */
    void become(Stage next) {
        stage = next;
        stageDeadline.clear();
        siblings.identified(this);
    }

    /** The stage must be replaced within so many milliseconds. */
    void limitStage(long ms) {
        stageDeadline.set(context.nowNanos(), ms);
    }

    SocketChannel channel() {
        return channel;
    }

    /** The other end's address, for people. */
    String remote() {
        return remote;
    }

    // ---- Writing.

    /** Begins to write exactly {@code bytes}; they leave with the next {@link #flush}. */
    ChunkWriter writer(long bytes) {
        if (pendingWriteBytes == 0) {
            writeProgressNanos = context.nowNanos();
        }
        return new ChunkWriter(channel, bytes, chunkDone);
    }

    /** Ends a write of {@code bytes}; {@code done} runs when they are with the kernel or the connection is gone. */
    void end(ChunkWriter writer, long bytes, Runnable done) {
        pendingWriteBytes += bytes;
        writer.end()
                .addListener(written -> context.guard(() -> {
                    pendingWriteBytes -= bytes;
                    done.run();
                }));
    }

    /** Writes byte strings one after the other, as they are, and flushes. */
    void write(List<Bytes> pieces, Runnable done) {
        long bytes = 0;
        for (Bytes piece : pieces) {
            bytes += piece.length();
        }
        ChunkWriter writer = writer(bytes);
        pieces.forEach(writer::put);
        end(writer, bytes, done);
        flush();
    }

    /** Writes one frame with the magic before it, and flushes: a handshake's half. */
    void writeHandshake(Bytes body) {
        long bytes = (long) Wire.MAGIC.length() + Wire.FRAME_LENGTH_BYTES + body.length();
        ChunkWriter writer = writer(bytes).put(Wire.MAGIC).putInt(body.length()).put(body);
        end(writer, bytes, () -> {});
        flush();
    }

    void flush() {
        channel.flush();
    }

    long pendingWriteBytes() {
        return pendingWriteBytes;
    }

    private void wroteSomething() {
        writeProgressNanos = context.nowNanos();
    }

    // ---- Reading, or not.

    void pauseReading() {
        channel.config().setAutoRead(false);
        // While we don't read, the rest of a frame can't come.
        frameDeadline.clear();
    }

    void resumeReading() {
        channel.config().setAutoRead(true);
        watchFrame();
    }

    // ---- Ending.

    /** Closes at once and says nothing. */
    // Closing can't fail, and channelInactive tells that it happened.
    @SuppressWarnings("FutureReturnValueIgnored")
    void shut() {
        channel.close();
    }

    /** Closes at once; what was not written is lost. */
    void close(Grievance grievance, String detail) {
        if (channel.isOpen()) {
            context.grievances().report(grievance, remote(), detail);
        }
        reader.stop();
        shut();
    }

    /** Says why in the log, and closes gently. */
    void closeGently(Grievance grievance, String detail) {
        context.grievances().report(grievance, remote(), detail);
        closeGently();
    }

    /**
     * Closes once all that was written left, and gives the other end time to read it: closing while its bytes are
     * still coming in would reset the connection and take our last words with it.
     */
    void closeGently() {
        reader.stop();
        frameDeadline.clear();
        stageDeadline.clear();
        lingerDeadline.set(context.nowNanos(), LINGER_MS);
        channel.config().setAutoRead(true);
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> shutOutput());
    }

    // It fails if the connection is gone, which is as good.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void shutOutput() {
        channel.shutdownOutput();
    }

    /** Ends the connection if one of its deadlines has passed. Called every now and then. */
    void checkDeadlines(long nowNanos) {
        NetOptions.Timeouts timeouts = context.options().timeouts();
        if (lingerDeadline.hasPassed(nowNanos)) {
            shut();
        } else if (stageDeadline.hasPassed(nowNanos)) {
            close(Grievance.HANDSHAKE_TOO_SLOW, "after " + timeouts.handshakeMs() + " ms");
        } else if (frameDeadline.hasPassed(nowNanos)) {
            close(Grievance.FRAME_TOO_SLOW, "after " + timeouts.frameMs() + " ms");
        } else if (pendingWriteBytes > 0
                && nowNanos - writeProgressNanos > context.writeMs() * 1_000_000L) {
            close(
                    Grievance.READS_TOO_SLOWLY,
                    pendingWriteBytes + " bytes wait, none left in " + context.writeMs() + " ms");
        }
    }

    // ---- What Netty tells.

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        remote = Addresses.text(channel.remoteAddress());
        writeProgressNanos = context.nowNanos();
        stage.active();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            reader.read((ByteBuf) message, this);
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        stage.readComplete();
        watchFrame();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        Stage last = stage;
        stage = Stage.NONE;
        reader.stop();
        last.closed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            // Reset, broken pipe, timed out by keep-alive: the other end's doing. All that has to
            // be
            // known of it is that the connection is gone.
            shut();
        } else if (cause instanceof OutOfDirectMemoryError) {
            close(Grievance.OUT_OF_MEMORY, "direct memory");
        } else if (cause instanceof InvariantViolation || cause instanceof Error) {
            shut();
            context.doors().fatal().accept(cause);
        } else {
            context.grievances().report(Grievance.OUR_FAULT, remote(), cause);
            shut();
        }
    }

    private void watchFrame() {
        if (!reader.inFrame()) {
            frameDeadline.clear();
        } else if (!frameDeadline.isSet() && channel.config().isAutoRead()) {
            frameDeadline.set(context.nowNanos(), context.options().timeouts().frameMs());
        }
    }

    // ---- What the reader tells.

    @Override
    public void magicWrong(Bytes start) {
        close(Grievance.NOT_OUR_PROTOCOL, guess(start));
    }

    /** What it was instead, without showing more of it than tells protocols apart. */
    private static String guess(Bytes start) {
        if (start.startsWith(TLS_RECORD)) {
            return "it looks like TLS, and this port has none";
        }
        String text = start.toUtf8();
        if (text.startsWith("GET ") || text.startsWith("POST ") || text.startsWith("HEAD ")) {
            return "it looks like HTTP";
        }
        return "it began with " + start.slice(0, Math.min(start.length(), SHOWN_START_BYTES));
    }

    @Override
    public FrameReader.Verdict frameBegins(long bodyBytes) {
        frameDeadline.clear();
        int limit = stage.maxFrameBytes();
        if (bodyBytes > limit) {
            stage.tooLarge(bodyBytes);
            closeGently(Grievance.FRAME_TOO_LARGE, bodyBytes + " bytes, the limit is " + limit);
            return FrameReader.Verdict.STOP;
        }
        return stage.frameBegins((int) bodyBytes);
    }

    @Override
    public boolean bodyGrows(int bytes) {
        return stage.bodyGrows(bytes);
    }

    @Override
    public void frame(Bytes body) {
        stage.frame(body);
    }

    @Override
    public void frameSkipped(Bytes head) {
        stage.frameSkipped(head);
    }
}
