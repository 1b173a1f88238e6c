package io.kvd.server.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;

import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The network side of a node: listens for clients and peers on one port, dials the peers, and stands between their
 * connections and the node's loop. Built first, since a port that is taken must be known before anything is written;
 * {@link #listen}, then {@link #start} when the node knows who it is, then {@link #close}.
 */
public final class NetServer implements AutoCloseable {
    private static final int BACKLOG = 1024;

    private final NetContext context;
    private final NetLoops loops;
    private final ClientConnections clients;
    private final ClientReplies replies;
    private final PeerTransport transport;
    /** Guarded by this. */
    private final List<Channel> listeners = new ArrayList<>();

    /** Starts the net threads; nothing is listened on or dialled yet. {@code random} jitters pauses. */
    public NetServer(
            NetOptions options, NetDoors doors, RandomGenerator.SplittableGenerator random) {
        this.context = NetContext.of(options, doors);
        this.loops = new NetLoops(context);
        this.clients = new ClientConnections(
                options.connections().maxClients(), options.connections().maxPerAddress());
        this.replies = new ClientReplies(clients, context);
        this.transport = new PeerTransport(context, loops, random);
    }

    /** The door to the other members. */
    public PeerTransport transport() {
        return transport;
    }

    /** Where answers to clients go. */
    public ClientReplies replies() {
        return replies;
    }

    /** What clients make this node hold. */
    public Admission admission() {
        return context.admission();
    }

    /** Clients that are connected. Any thread. */
    public int clientCount() {
        return clients.count();
    }

    /**
     * Binds an address; connections wait in the kernel until {@link #start}. May be called again for another one.
     *
     * @return the address, with its port if 0 was asked for
     * @throws ListenException with a sentence for the operator, if it can't be bound
     */
    public synchronized InetSocketAddress listen(PeerAddress address) {
        InetSocketAddress wanted;
        try {
            wanted = new InetSocketAddress(Addresses.lookUp(address.host()), address.port());
        } catch (UnknownHostException e) {
            throw new ListenException("cannot listen on " + address + ": unknown host", e);
        }
        ChannelFuture bound = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.io().serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.AUTO_READ, false)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(wanted)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new ListenException(
                    "cannot listen on " + address + ": " + reason(bound.cause()), bound.cause());
        }
        listeners.add(bound.channel());
        return (InetSocketAddress) bound.channel().localAddress();
    }

    /** Accepts connections and dials the peers. */
    public synchronized void start(Map<Long, PeerAddress> peers) {
        transport.setPeers(peers);
        transport.start();
        listeners.forEach(listener -> listener.config().setAutoRead(true));
    }

    /** Ends all connections, each after what was written to it. Blocks for a few seconds at most. */
    @Override
    public synchronized void close() {
        listeners.forEach(listener -> listener.close().awaitUninterruptibly());
        listeners.clear();
        transport.close();
        loops.close();
    }

    private void accept(SocketChannel channel) {
        loops.io().tuneSocket(channel);
        LoopConnections siblings = loops.connectionsOf(channel.eventLoop());
        Connection connection = new Connection(channel, context, siblings);
        connection.become(new ListenerHandshake(connection, context, clients, transport));
        siblings.accepted(connection);
        channel.pipeline().addLast(connection);
    }

    private static String reason(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("in use")) {
            return "address already in use";
        } else if (message.contains("cannot assign")) {
            return "this machine has no such address";
        } else if (message.contains("permission denied")) {
            return "permission denied";
        }
        return message;
    }
}
