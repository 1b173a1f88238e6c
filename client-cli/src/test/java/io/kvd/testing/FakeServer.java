package io.kvd.testing;

import com.google.protobuf.ByteString;

import io.kvd.core.codec.Wire;
import io.kvd.protocol.Code;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.HandshakeReply;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A server on loopback that speaks the protocol and answers as its {@link Script} says; by default like a node that
 * leads a {@link FakeStore}. Each connection has a thread, which answers in order.
 */
public final class FakeServer implements AutoCloseable {
    public static final ByteString CLUSTER_ID = ByteString.copyFromUtf8("0123456789abcdef");

    /** What a server says to a request. */
    @FunctionalInterface
    public interface Script {
        /** The answer without its request id; empty = none, and the connection is cut. */
        Optional<Reply.Builder> answer(Request request) throws InterruptedException;
    }

    private final ServerSocket listener;
    private final long nodeId;
    private final int maxFrameBytes;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private volatile Script script;

    private FakeServer(long nodeId, Script script, int maxFrameBytes) throws IOException {
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        this.nodeId = nodeId;
        this.script = script;
        this.maxFrameBytes = maxFrameBytes;
        Thread thread = new Thread(this::accept, "fake-server-" + nodeId);
        thread.setDaemon(true);
        thread.start();
    }

    /** A leader of a fresh store. */
    public static FakeServer start() throws IOException {
        return start(1, new FakeStore());
    }

    public static FakeServer start(long nodeId, Script script) throws IOException {
        return new FakeServer(nodeId, script, 2 << 20);
    }

    /** A loopback address at which nobody listens. */
    public static String deadAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "127.0.0.1:" + socket.getLocalPort();
        }
    }

    public String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** From the next request on. */
    public void answer(Script newScript) {
        script = newScript;
    }

    /** What was received so far, pings apart. */
    public List<Request> requests() {
        synchronized (requests) {
            return List.copyOf(requests);
        }
    }

    public int connectionCount() {
        return sockets.size();
    }

    /** The header that every answer of this node has. */
    public Reply.Builder header(Code code) {
        return Reply.newBuilder()
                .setCode(code)
                .setNodeId(nodeId)
                .setTerm(1)
                .setClusterId(CLUSTER_ID)
                .setMessage(code == Code.OK ? "" : code.name());
    }

    @Override
    public void close() throws IOException {
        kill();
    }

    /** Dies as a killed process does. */
    public void kill() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread thread = new Thread(() -> serve(socket), "fake-connection-" + nodeId);
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // Closed by the test.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in =
                    new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
            DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(socket.getOutputStream(), 64 << 10));
            if (!shakeHands(in, out)) {
                return;
            }
            while (true) {
                Request request = Request.parseFrom(in.readNBytes(in.readInt()));
                if (!request.hasPing()) {
                    requests.add(request);
                }
                Optional<Reply.Builder> reply = script.answer(request);
                if (reply.isEmpty()) {
                    return;
                }
                Reply.Builder builder = reply.get();
                if (builder.getNodeId() == 0) {
                    builder.setNodeId(nodeId).setTerm(1).setClusterId(CLUSTER_ID);
                }
                byte[] body =
                        builder.setRequestId(request.getRequestId()).build().toByteArray();
                out.writeInt(body.length);
                out.write(body);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        } catch (SocketException e) {
            // Cut by either side.
        } catch (IOException e) {
            // The client is gone.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(socket);
        }
    }

    private boolean shakeHands(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] magic = in.readNBytes(Wire.MAGIC.length());
        if (magic.length < Wire.MAGIC.length()) {
            return false;
        }
        Handshake handshake = Handshake.parseFrom(in.readNBytes(in.readInt()));
        boolean ours =
                handshake.getClusterId().isEmpty() || handshake.getClusterId().equals(CLUSTER_ID);
        byte[] body = HandshakeReply.newBuilder()
                .setCode(ours ? Code.OK : Code.WRONG_CLUSTER)
                .setVersion(1)
                .setClusterId(CLUSTER_ID)
                .setNodeId(nodeId)
                .setProgram("fake")
                .setMaxFrameBytes(maxFrameBytes)
                .build()
                .toByteArray();
        out.write(Wire.MAGIC.toArray());
        out.writeInt(body.length);
        out.write(body);
        out.flush();
        return ours;
    }
}
