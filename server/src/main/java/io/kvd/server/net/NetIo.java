package io.kvd.server.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

import jdk.net.ExtendedSocketOptions;

import java.net.SocketOption;

/** How sockets are driven: epoll on Linux where its library loads, else the JDK's selectors. */
enum NetIo {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class) {
        @Override
        IoHandlerFactory handlers() {
            return EpollIoHandler.newFactory();
        }

        @Override
        void tuneSocket(Channel channel) {
            super.tuneSocket(channel);
            ChannelConfig config = channel.config();
            config.setOption(EpollChannelOption.TCP_KEEPIDLE, KEEP_IDLE_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPINTVL, KEEP_INTERVAL_SECONDS);
            config.setOption(EpollChannelOption.TCP_KEEPCNT, KEEP_PROBES);
            config.setOption(EpollChannelOption.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS);
        }
    },
    NIO(NioServerSocketChannel.class, NioSocketChannel.class) {
        @Override
        IoHandlerFactory handlers() {
            return NioIoHandler.newFactory();
        }

        @Override
        void tuneSocket(Channel channel) {
            super.tuneSocket(channel);
            setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPIDLE, KEEP_IDLE_SECONDS);
            setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, KEEP_INTERVAL_SECONDS);
            setIfKnown(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, KEEP_PROBES);
        }

        /** Some platforms have no such option; Netty then leaves it alone. */
        private void setIfKnown(Channel channel, SocketOption<Integer> option, int value) {
            channel.config().setOption(NioChannelOption.of(option), value);
        }
    };

    /** A silent connection that is half open, its other end gone without a word, is found after 30 + 3 x 10 s. */
    private static final int KEEP_IDLE_SECONDS = 30;

    private static final int KEEP_INTERVAL_SECONDS = 10;
    private static final int KEEP_PROBES = 3;

    /**
     * A connection on which something was sent and nobody acknowledged it for so long is gone. Without it TCP tries
     * for a quarter of an hour, at ever longer intervals: a healed partition would be felt for minutes.
     */
    private static final int UNACKNOWLEDGED_MS = 10_000;

    private final Class<? extends ServerSocketChannel> serverChannel;
    private final Class<? extends SocketChannel> socketChannel;

    NetIo(
            Class<? extends ServerSocketChannel> serverChannel,
            Class<? extends SocketChannel> socketChannel) {
        this.serverChannel = serverChannel;
        this.socketChannel = socketChannel;
    }

    static NetIo best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    abstract IoHandlerFactory handlers();

    Class<? extends ServerSocketChannel> serverChannel() {
        return serverChannel;
    }

    Class<? extends SocketChannel> socketChannel() {
        return socketChannel;
    }

    /** What every connection wants: small frames leave at once, and a dead other end is noticed. */
    void tuneSocket(Channel channel) {
        channel.config().setOption(ChannelOption.TCP_NODELAY, true);
        channel.config().setOption(ChannelOption.SO_KEEPALIVE, true);
    }
}
