package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.codec.Wire;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.ClientRequest;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.Handshake;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.PutResult;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;
import io.kvd.server.metrics.RequestTimes;
import io.kvd.server.metrics.TimedReply;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** docs/protocol.md shows what really goes over the wire. Rewritten with -Dprotocol.rewrite=true. */
@Tag("slow")
class ProtocolDocTest {
    private static final Path DOC = Files.exists(Path.of("docs"))
            ? Path.of("docs/protocol.md")
            : Path.of("../docs/protocol.md");
    private static final String BEGIN = "<!-- exchange -->\n```\n";
    private static final String END = "```\n<!-- /exchange -->";
    private static final int LINE_BYTES = 16;

    @Test
    void theExchangeInTheDocumentIsARealOne() throws IOException {
        String exchange = exchange();
        String document = Files.readString(DOC);
        int from = document.indexOf(BEGIN) + BEGIN.length();
        int to = document.indexOf(END);
        if (Boolean.getBoolean("protocol.rewrite")) {
            Files.writeString(DOC, document.substring(0, from) + exchange + document.substring(to));
            return;
        }

        assertThat(document.substring(from, to)).isEqualTo(exchange);
    }

    /** Handshake and put of hello = world, as a client that knows nothing of the cluster does them. */
    private static String exchange() throws IOException {
        StringBuilder text = new StringBuilder();
        try (StubNode node = new StubNode(NetOptions.DEFAULT).start();
                Socket socket = new Socket(node.address.getAddress(), node.address.getPort())) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            Bytes handshake = RawClient.handshakeBytes(Handshake.newBuilder()
                    .setMinVersion(1)
                    .setMaxVersion(1)
                    .setProgram("mine 1.0"));
            send(socket, handshake);
            dump(
                    text,
                    "magic, length, Handshake{min_version 1, max_version 1, program}",
                    '>',
                    handshake);
            Bytes magic = Bytes.of(in.readNBytes(Wire.MAGIC.length()));
            dump(
                    text,
                    "magic, length, HandshakeReply{OK, version 1, cluster_id, node_id 1, program, limits}",
                    '<',
                    new BytesWriter(0).put(magic).put(readFrame(in)).toBytes());

            Request put = Request.newBuilder()
                    .setRequestId(1)
                    .setTimeoutMs(5_000)
                    .setCommand(Command.newBuilder()
                            .setPut(PutCommand.newBuilder()
                                    .setKey(ByteString.copyFromUtf8("hello"))
                                    .setValue(ByteString.copyFromUtf8("world")))
                            .build()
                            .toByteString())
                    .build();
            Bytes request =
                    new BytesWriter(0).putSized(Bytes.of(put.toByteArray())).toBytes();
            send(socket, request);
            dump(
                    text,
                    "length, Request{request_id 1, timeout_ms 5000, command: Command{put{key, value}}}",
                    '>',
                    request);
            node.server
                    .replies()
                    .deliver(TimedReply.all(
                            List.of(done(node, node.awaitRequests(1).get(0))), RequestTimes.NONE));
            dump(
                    text,
                    "length, Reply{request_id 1, OK, node_id 1, term 3, cluster_id, result: Result{OK, revision 2, put}}",
                    '<',
                    readFrame(in));
        }
        return text.toString();
    }

    private static ClientReply done(StubNode node, ClientRequest request) {
        Result result = Result.newBuilder()
                .setCode(Code.OK)
                .setRevision(2)
                .setPut(PutResult.getDefaultInstance())
                .build();
        Reply reply = Reply.newBuilder()
                .setRequestId(request.origin().requestId())
                .setCode(Code.OK)
                .setNodeId(1)
                .setTerm(node.term())
                .setClusterId(ProtoBytes.wrap(node.clusterId()))
                .setResult(result.toByteString())
                .build();
        return new ClientReply(request.origin(), Bytes.of(reply.toByteArray()));
    }

    private static void send(Socket socket, Bytes bytes) throws IOException {
        socket.getOutputStream().write(bytes.array(), bytes.offset(), bytes.length());
    }

    private static Bytes readFrame(DataInputStream in) throws IOException {
        int length = in.readInt();
        return new BytesWriter(0)
                .putInt(length)
                .put(Bytes.of(in.readNBytes(length)))
                .toBytes();
    }

    private static void dump(StringBuilder text, String what, char direction, Bytes bytes) {
        text.append(text.isEmpty() ? "" : "\n").append(what).append('\n');
        for (int from = 0; from < bytes.length(); from += LINE_BYTES) {
            Bytes line = bytes.slice(from, Math.min(bytes.length(), from + LINE_BYTES));
            StringBuilder shown = new StringBuilder();
            text.append(direction);
            for (int i = 0; i < line.length(); i++) {
                byte b = line.byteAt(i);
                text.append(' ').append(line.slice(i, i + 1).toHex());
                shown.append(b >= ' ' && b < 0x7f ? (char) b : '.');
            }
            text.append("   ".repeat(LINE_BYTES - line.length()))
                    .append("  ")
                    .append(shown)
                    .append('\n');
        }
    }
}
