package io.kvd.bench.target;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/** Reads Redis's answers, which come in the order of the requests. Owned by the connection's thread. */
final class RedisReplies extends ByteToMessageDecoder {
    private static final int LINE_END_BYTES = 2;

    private final ArrayDeque<Completion> waiting = new ArrayDeque<>();
    private boolean closed;

    /** The next request that is sent is this one's. */
    void expect(Completion completion) {
        if (closed) {
            completion.failed("the connection is closed");
        } else {
            waiting.add(completion);
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        int end = in.indexOf(in.readerIndex(), in.writerIndex(), (byte) '\r');
        if (end < 0 || end + 1 >= in.writerIndex()) {
            return;
        }
        int begin = in.readerIndex();
        String line = in.toString(begin + 1, end - begin - 1, StandardCharsets.US_ASCII);
        int next = end + LINE_END_BYTES;
        switch (in.getByte(begin)) {
            case '+' -> {
                in.readerIndex(next);
                waiting.remove().succeeded(0);
            }
            case '$' -> {
                int length = Integer.parseInt(line);
                int after = length < 0 ? next : next + length + LINE_END_BYTES;
                if (after <= in.writerIndex()) {
                    in.readerIndex(after);
                    waiting.remove().succeeded(length < 0 ? 0 : 1);
                }
            }
            default -> {
                in.readerIndex(next);
                waiting.remove().failed(line);
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        closed = true;
        while (!waiting.isEmpty()) {
            waiting.remove().failed("the connection is closed");
        }
    }
}
