package io.kvd.server.net;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.Wire;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.FiguresRequest;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.PingRequest;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** A client that sends whatever a test likes. Every read has a deadline. */
final class RawClient implements AutoCloseable {
    private static final int READ_MS = 10_000;

    final Socket socket = new Socket();
    private final DataInputStream in;

    RawClient(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(READ_MS);
        socket.connect(address, READ_MS);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** A client after its handshake. */
    static RawClient connect(StubNode node) throws IOException {
        return connect(node.address);
    }

    /** A client after its handshake. */
    static RawClient connect(InetSocketAddress address) throws IOException {
        RawClient client = new RawClient(address);
        client.send(handshakeBytes(anyHandshake()));
        HandshakeReply reply = client.readHandshakeReply();
        if (reply.getCode() != Code.OK) {
            throw new AssertionError("refused: " + reply);
        }
        return client;
    }

    /** A client that takes any cluster. */
    static Handshake.Builder anyHandshake() {
        return Handshake.newBuilder().setMinVersion(1).setMaxVersion(1);
    }

    static Bytes handshakeBytes(Handshake.Builder handshake) {
        return new BytesWriter(64)
                .put(Wire.MAGIC)
                .putSized(Bytes.of(handshake.build().toByteArray()))
                .toBytes();
    }

    HandshakeReply readHandshakeReply() throws IOException {
        byte[] magic = new byte[Wire.MAGIC.length()];
        in.readFully(magic);
        if (!Bytes.of(magic).equals(Wire.MAGIC)) {
            throw new AssertionError("magic " + Bytes.of(magic));
        }
        return HandshakeReply.parseFrom(readFrame());
    }

    void send(Bytes bytes) throws IOException {
        socket.getOutputStream().write(bytes.array(), bytes.offset(), bytes.length());
    }

    /** Sends the requests as one packet, as far as that is in a client's hands. */
    void send(Request... requests) throws IOException {
        BytesWriter out = new BytesWriter(256);
        for (Request request : requests) {
            out.putSized(Bytes.of(request.toByteArray()));
        }
        send(out.toBytes());
    }

    byte[] readFrame() throws IOException {
        byte[] body = new byte[in.readInt()];
        in.readFully(body);
        return body;
    }

    Reply readReply() throws IOException {
        return Reply.parseFrom(readFrame());
    }

    List<Long> readReplyIds(int count) throws IOException {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(readReply().getRequestId());
        }
        return ids;
    }

    /** Whether the server closed the connection, after anything that it still had to say. */
    boolean isClosedByServer() throws IOException {
        try {
            while (in.read() >= 0) {
                // Last words.
            }
            return true;
        } catch (SocketException e) {
            return true;
        }
    }

    static Request ping(long requestId) {
        return Request.newBuilder()
                .setRequestId(requestId)
                .setPing(PingRequest.getDefaultInstance())
                .build();
    }

    static Request figures(long requestId) {
        return Request.newBuilder()
                .setRequestId(requestId)
                .setFigures(FiguresRequest.getDefaultInstance())
                .build();
    }

    static Request put(long requestId, int valueBytes) {
        return command(
                requestId,
                Command.newBuilder()
                        .setPut(PutCommand.newBuilder()
                                .setKey(ByteString.copyFromUtf8("k"))
                                .setValue(ByteString.copyFrom(new byte[valueBytes]))));
    }

    static Request command(long requestId, Command.Builder command) {
        return Request.newBuilder()
                .setRequestId(requestId)
                .setCommand(command.build().toByteString())
                .build();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
