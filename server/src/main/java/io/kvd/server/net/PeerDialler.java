package io.kvd.server.net;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.Wire;
import io.kvd.protocol.HandshakeReply;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/** Opens connections to peers: name, connection, handshake. Names are looked up away from the net threads. */
final class PeerDialler implements PeerLink.Dialler {
    private final NetContext context;
    private final NetLoops loops;

    PeerDialler(NetContext context, NetLoops loops) {
        this.context = context;
        this.loops = loops;
    }

    @Override
    public void dial(PeerAddress address, EventLoop loop, PeerLink.Attempt attempt) {
        Optional<InetAddress> literal = Addresses.literal(address.host());
        if (literal.isPresent()) {
            connect(new InetSocketAddress(literal.get(), address.port()), loop, attempt);
            return;
        }
        try {
            context.doors().resolver().execute(() -> lookUp(address, loop, attempt));
        } catch (RejectedExecutionException e) {
            attempt.failed("the server is stopping");
        }
    }

    private void lookUp(PeerAddress address, EventLoop loop, PeerLink.Attempt attempt) {
        try {
            InetSocketAddress found =
                    new InetSocketAddress(Addresses.lookUp(address.host()), address.port());
            context.run(loop, () -> connect(found, loop, attempt));
        } catch (UnknownHostException e) {
            context.run(loop, () -> attempt.failed("unknown host " + address.host()));
        }
    }

    private void connect(InetSocketAddress target, EventLoop loop, PeerLink.Attempt attempt) {
        if (!attempt.isCurrent()) {
            return;
        }
        new Bootstrap()
                .group(loop)
                .channel(loops.io().socketChannel())
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        context.options().peers().connectMs())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        open(channel, attempt);
                    }
                })
                .connect(target)
                .addListener((ChannelFuture connected) -> {
                    if (!connected.isSuccess()) {
                        attempt.failed(reason(connected.cause()));
                    }
                });
    }

    private void open(SocketChannel channel, PeerLink.Attempt attempt) {
        loops.io().tuneSocket(channel);
        LoopConnections siblings = loops.connectionsOf(channel.eventLoop());
        Connection connection = new Connection(channel, context, siblings);
        connection.become(new Greeting(connection, attempt));
        siblings.opened(connection);
        channel.pipeline().addLast(connection);
    }

    /** The sentences that operators know, without the addresses that the log line has already. */
    private static String reason(Throwable cause) {
        if (cause instanceof ConnectException) {
            String message = String.valueOf(cause.getMessage());
            return message.contains("refused") ? "connection refused" : message;
        }
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    /** A dialled connection until the peer has said who it is. */
    private final class Greeting implements Stage {
        private final Connection connection;
        private final PeerLink.Attempt attempt;
        private String problem = "the connection was closed during the handshake";

        Greeting(Connection connection, PeerLink.Attempt attempt) {
            this.connection = connection;
            this.attempt = attempt;
        }

        @Override
        public int maxFrameBytes() {
            return Wire.MAX_HANDSHAKE_BYTES;
        }

        @Override
        public void active() {
            connection.limitStage(context.options().timeouts().handshakeMs());
            connection.writeHandshake(Handshakes.ofPeer(context.doors().facts()));
        }

        @Override
        public void frame(Bytes body) {
            Optional<HandshakeReply> reply = Handshakes.parseReply(body);
            Optional<String> distrust = reply.isEmpty()
                    ? Optional.of("its first frame is not a HandshakeReply")
                    : Handshakes.distrust(
                            reply.get(), attempt.nodeId(), context.doors().facts());
            if (distrust.isPresent()) {
                problem = distrust.get();
                connection.close(
                        Grievance.NOT_THE_PEER, "node " + attempt.nodeId() + ": " + problem);
            } else {
                DialledPeer up = new DialledPeer(connection, attempt);
                connection.become(up);
                attempt.up(Handshakes.identity(reply.orElseThrow().getPeer()), up);
            }
        }

        @Override
        public void closed() {
            attempt.failed(problem);
        }
    }

    /** A dialled connection after the handshake. This node talks, the peer listens. */
    private record DialledPeer(Connection connection, PeerLink.Attempt attempt)
            implements Stage, PeerLink.Outlet {
        @Override
        public int maxFrameBytes() {
            return 0;
        }

        @Override
        public void frame(Bytes body) {
            connection.close(Grievance.DAMAGED, "a frame from the peer that was dialled");
        }

        @Override
        public void write(List<Bytes> pieces, Runnable done) {
            connection.write(pieces, done);
        }

        @Override
        public void close() {
            connection.shut();
        }

        @Override
        public void closed() {
            attempt.lost();
        }
    }
}
