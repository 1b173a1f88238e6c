package io.kvd.bench.target;

import io.kvd.core.base.Bytes;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Redis, one node: its protocol on one connection, requests sent without waiting for the answers before. */
final class RedisTarget implements Target {
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    private static final long POLL_MS = 50;
    private static final byte[] GET = text("*2\r\n$3\r\nGET\r\n");
    private static final byte[] SET = text("*3\r\n$3\r\nSET\r\n");
    private static final byte[] LINE_END = text("\r\n");
    /** Of what surrounds a key and a value. */
    private static final int OVERHEAD_BYTES = 64;

    private final EventLoopGroup thread =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Connection connection;

    private record Connection(Channel channel, RedisReplies replies) {
        void send(ByteBuf request, Completion completion) {
            if (channel.eventLoop().inEventLoop()) {
                // Within the delivery of answers, after which all is flushed at once.
                replies.expect(completion);
                channel.write(request, channel.voidPromise());
            } else {
                channel.eventLoop().execute(() -> {
                    replies.expect(completion);
                    channel.writeAndFlush(request, channel.voidPromise());
                });
            }
        }
    }

    /** Returns once it has read its data. */
    RedisTarget(List<String> addresses) {
        if (addresses.size() != 1) {
            throw new IllegalArgumentException("redis is one node here, not " + addresses);
        }
        String address = addresses.get(0);
        int colon = address.lastIndexOf(':');
        Bootstrap bootstrap = new Bootstrap()
                .group(thread)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(
                        address.substring(0, colon),
                        Integer.parseInt(address.substring(colon + 1)));
        long begin = System.nanoTime();
        Optional<Connection> connected = connect(bootstrap);
        while (connected.isEmpty() && System.nanoTime() - begin < PATIENCE_NANOS) {
            pause();
            connected = connect(bootstrap);
        }
        connection = connected.orElseThrow(() -> {
            close();
            return new IllegalStateException("redis does not serve at " + address);
        });
    }

    @Override
    public void get(Bytes key, Completion completion) {
        connection.send(getRequest(connection.channel(), key), completion);
    }

    @Override
    public void put(Bytes key, Bytes value, Completion completion) {
        ByteBuf request =
                connection.channel().alloc().buffer(OVERHEAD_BYTES + key.length() + value.length());
        request.writeBytes(SET);
        append(request, key);
        append(request, value);
        connection.send(request, completion);
    }

    /** @throws UnsupportedOperationException its keys have no order */
    @Override
    public void scan(Bytes from, int rows, Completion completion) {
        throw new UnsupportedOperationException("redis does not order its keys");
    }

    @Override
    public void close() {
        thread.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Empty if nobody listens there, or has not read its data yet. */
    private static Optional<Connection> connect(Bootstrap bootstrap) {
        RedisReplies replies = new RedisReplies();
        ChannelFuture connecting = bootstrap.clone().handler(replies).connect();
        if (!connecting.awaitUninterruptibly().isSuccess()) {
            return Optional.empty();
        }
        Connection connection = new Connection(connecting.channel(), replies);
        CompletableFuture<Boolean> serves = new CompletableFuture<>();
        connection.send(getRequest(connection.channel(), Bytes.utf8("kvbench")), new Completion() {
            @Override
            public void succeeded(int rows) {
                serves.complete(true);
            }

            @Override
            public void failed(String reason) {
                serves.complete(false);
            }
        });
        if (serves.join()) {
            return Optional.of(connection);
        }
        connection.channel().close();
        return Optional.empty();
    }

    private static ByteBuf getRequest(Channel channel, Bytes key) {
        ByteBuf request = channel.alloc().buffer(OVERHEAD_BYTES + key.length());
        request.writeBytes(GET);
        append(request, key);
        return request;
    }

    private static void append(ByteBuf to, Bytes bytes) {
        to.writeByte('$');
        to.writeCharSequence(Integer.toString(bytes.length()), StandardCharsets.US_ASCII);
        to.writeBytes(LINE_END);
        to.writeBytes(bytes.array(), bytes.offset(), bytes.length());
        to.writeBytes(LINE_END);
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
