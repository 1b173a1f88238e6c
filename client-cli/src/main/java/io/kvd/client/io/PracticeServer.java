package io.kvd.client.io;

import com.google.protobuf.ByteString;

import io.kvd.core.codec.Wire;
import io.kvd.protocol.Code;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;

/**
 * A server on loopback that holds nothing: every write succeeds, every key that is read has a value. Lets a client go through the motions.
 * One connection at a time, on a daemon thread.
 */
public final class PracticeServer implements AutoCloseable {
    private static final int MAX_FRAME_BYTES = 64 << 10;

    private final ServerSocket listener;

    private PracticeServer(ServerSocket listener) {
        this.listener = listener;
    }

    public static PracticeServer start() throws IOException {
        PracticeServer server =
                new PracticeServer(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        Thread thread = new Thread(server::run, "kvd-practice-server");
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    /** Where to connect to. */
    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void run() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                socket.setTcpNoDelay(true);
                serve(
                        new DataInputStream(socket.getInputStream()),
                        new DataOutputStream(socket.getOutputStream()));
            } catch (IOException e) {
                // The client is through, or the server is closed: the loop sees which.
            }
        }
    }

    private static void serve(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] magic = in.readNBytes(Wire.MAGIC.length());
        if (!Arrays.equals(magic, Wire.MAGIC.toArray())) {
            return;
        }
        readFrame(in);
        out.write(magic);
        HandshakeReply hello = HandshakeReply.newBuilder()
                .setCode(Code.OK)
                .setVersion(Wire.MAX_VERSION)
                .setNodeId(1)
                .build();
        writeFrame(out, hello.toByteArray());
        while (true) {
            Request request = Request.parseFrom(readFrame(in));
            Reply.Builder reply =
                    Reply.newBuilder().setRequestId(request.getRequestId()).setCode(Code.OK);
            if (request.hasCommand()) {
                reply.setResult(Result.newBuilder()
                        .setCode(Code.OK)
                        .setRevision(1)
                        .build()
                        .toByteString());
            } else {
                reply.setRange(RangeResult.newBuilder().setRevision(1).addKvs(row(request)));
            }
            writeFrame(out, reply.build().toByteArray());
        }
    }

    private static KeyValue row(Request request) {
        return KeyValue.newBuilder()
                .setKey(request.getRange().getKey())
                .setValue(ByteString.copyFromUtf8("practice"))
                .build();
    }

    private static byte[] readFrame(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_FRAME_BYTES) {
            throw new IOException("a frame of " + length + " bytes");
        }
        return in.readNBytes(length);
    }

    private static void writeFrame(DataOutputStream out, byte[] body) throws IOException {
        out.writeInt(body.length);
        out.write(body);
        out.flush();
    }
}
