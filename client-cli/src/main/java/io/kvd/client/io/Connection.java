package io.kvd.client.io;

import com.google.protobuf.CodedInputStream;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.ClientCore;
import io.kvd.core.codec.Wire;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Optional;

/** One socket to one node: bytes to replies and requests to bytes. Owned by the thread that drives the loop. */
final class Connection {
    private enum Expected {
        MAGIC,
        HANDSHAKE,
        REPLIES
    }

    private final long id;
    private final SocketChannel channel;
    private final SelectionKey key;
    private final SendBuffer out = new SendBuffer();
    private final ReceiveBuffer in = new ReceiveBuffer();
    /** Requests whose last byte the socket has not taken, oldest first: the server can't have read them. */
    private final ArrayDeque<Unwritten> unwritten = new ArrayDeque<>();

    private Expected expected = Expected.MAGIC;

    /** @param endBytes of all that is sent on the connection, so many come before the end of the request */
    private record Unwritten(long requestId, long endBytes) {}

    private Connection(long id, SocketChannel channel, SelectionKey key) {
        this.id = id;
        this.channel = channel;
        this.key = key;
    }

    /** Starts to dial. The handshake leaves once the connection stands. */
    static Connection dial(
            long id, InetSocketAddress address, Handshake handshake, Selector selector)
            throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            int interest =
                    channel.connect(address) ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT;
            SelectionKey key = channel.register(selector, interest);
            Connection connection = new Connection(id, channel, key);
            key.attach(connection);
            connection.out.put(Wire.MAGIC);
            connection.out.putFrame(handshake);
            return connection;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    long id() {
        return id;
    }

    /** Whether the listener has taken it. */
    boolean isConnected() {
        return channel.isConnected();
    }

    /** Takes its place among what {@link #flush} writes. */
    void send(Request request) {
        out.putFrame(request);
        unwritten.add(new Unwritten(request.getRequestId(), out.putBytes()));
    }

    /** The oldest request that did not leave as a whole; Long.MAX_VALUE if all did. */
    long firstUnwritten() {
        Unwritten first = unwritten.peek();
        return first == null ? Long.MAX_VALUE : first.requestId();
    }

    /** Writes what the socket takes; the selector says when it takes the rest. */
    void flush() throws IOException {
        if (!channel.isConnected()) {
            return;
        }
        try {
            out.writeTo(channel);
        } finally {
            while (!unwritten.isEmpty() && unwritten.peek().endBytes() <= out.writtenBytes()) {
                unwritten.remove();
            }
        }
        int interest =
                out.isEmpty() ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /**
     * Does what the socket is ready for, and reports to the core what was received.
     *
     * @throws IOException the connection is of no use any more
     */
    void ready(ClientCore core, long nowNanos) throws IOException {
        if (key.isConnectable()) {
            channel.finishConnect();
            core.accepted(id);
            key.interestOps(SelectionKey.OP_READ);
        }
        if (key.isReadable()) {
            boolean open = in.readFrom(channel);
            report(core, nowNanos);
            if (!open) {
                throw new IOException("closed by the server");
            }
        }
    }

    private void report(ClientCore core, long nowNanos) throws IOException {
        if (expected == Expected.MAGIC) {
            if (!in.takeMagic()) {
                return;
            }
            expected = Expected.HANDSHAKE;
        }
        for (Optional<Bytes> frame = in.takeFrame(); frame.isPresent(); frame = in.takeFrame()) {
            Bytes body = frame.get();
            CodedInputStream input =
                    CodedInputStream.newInstance(body.array(), body.offset(), body.length());
            if (expected == Expected.HANDSHAKE) {
                expected = Expected.REPLIES;
                core.connectionUp(id, HandshakeReply.parseFrom(input), nowNanos);
            } else {
                core.received(id, Reply.parseFrom(input), nowNanos);
            }
        }
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing is owed to a socket that we are done with, and the kernel has released it.
            key.attach(e);
        }
    }
}
