package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.Request;
import io.kvd.protocol.StatusRequest;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Requests of a few bytes that ask for much: the node makes no more than it has memory for, and serves the others. */
@Tag("slow")
class SmallHeapTest {
    private static final int PIPELINED = 400;
    /** Later than any of these tests ends. */
    private static final int DEADLINE_MS = 300_000;

    private static final int LARGE_VALUE_BYTES = 1 << 20;
    private static final ByteString TO_THE_END = ByteString.copyFrom(new byte[] {0});

    @TempDir
    private Path directory = Path.of("");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    @Test
    void pipelinedScansOfOneConnectionAreAllAnswered() throws IOException {
        ForkedServer node = start("-Xmx256m");
        fill(node, 300, 10_000);

        RawClient greedy = connect(node);
        greedy.send(pipeline(SmallHeapTest::scan));

        assertThat(answers(greedy, PIPELINED)).allMatch(code -> code == Code.OK);
        assertServes(node);
    }

    @Test
    void aScanOfManyTinyRowsTakesNoMoreThanOneOfLargeOnes() throws IOException {
        ForkedServer node = start("-Xmx64m");
        fill(node, 20_000, 1);

        RawClient greedy = connect(node);
        greedy.send(pipeline(SmallHeapTest::scan));

        assertThat(answers(greedy, PIPELINED)).allMatch(code -> code == Code.OK);
        assertServes(node);
    }

    @Test
    void largeValuesReadInAPipelineAreAllAnswered() throws IOException {
        ForkedServer node = start("-Xmx64m");
        fill(node, 8, LARGE_VALUE_BYTES);

        RawClient greedy = connect(node);
        greedy.send(pipeline(id -> get(id, "key" + id % 8)));

        assertThat(answers(greedy, PIPELINED)).allMatch(code -> code == Code.OK);
        assertServes(node);
    }

    @Test
    void connectionsThatAskForMuchAndReadNothingStarveNobody() throws IOException {
        ForkedServer node = start("-Xmx256m");
        fill(node, 300, 10_000);

        for (int i = 0; i < 40; i++) {
            connect(node).send(pipeline(SmallHeapTest::scan));
        }

        assertServes(node);
        assertThat(answers(connect(node), SmallHeapTest::scan, 5))
                .allMatch(code -> code == Code.OK);
    }

    @Test
    void whatClosedConnectionsAskedForIsNotRead() throws IOException {
        ForkedServer node = start("-Xmx64m");
        fill(node, 300, 10_000);

        for (int i = 0; i < 100; i++) {
            RawClient gone = RawClient.connect(node.address);
            gone.send(pipeline(SmallHeapTest::scan));
            gone.close();
        }

        assertServes(node);
    }

    @Test
    void statusAndFiguresInAPipelineAreAnsweredOrTurnedAway() throws IOException {
        ForkedServer node = start("-Xmx64m");
        for (int i = 0; i < 10; i++) {
            RawClient silent = connect(node);
            silent.send(pipeline(RawClient::figures));
            silent.send(pipeline(SmallHeapTest::status));
        }

        RawClient reader = connect(node);
        reader.send(pipeline(RawClient::figures));
        assertThat(answers(reader, PIPELINED))
                .allMatch(code -> code == Code.OK || code == Code.BUSY);
        reader.send(pipeline(SmallHeapTest::status));
        assertThat(answers(reader, PIPELINED))
                .allMatch(code -> code == Code.OK || code == Code.BUSY);
        assertServes(node);
    }

    private ForkedServer start(String heap, String... settings) throws IOException {
        ForkedServer node = ForkedServer.start(directory, heap, settings);
        opened.add(node);
        return node;
    }

    private RawClient connect(ForkedServer node) throws IOException {
        RawClient client = RawClient.connect(node.address);
        opened.add(client);
        return client;
    }

    /** An honest client is served, and the node never ran out of memory. */
    private void assertServes(ForkedServer node) throws IOException {
        RawClient honest = connect(node);
        assertThat(answers(honest, id -> get(id, "key1"), 20)).allMatch(code -> code == Code.OK);
        assertThat(answers(honest, id -> put(id, "honest", 10), 5))
                .allMatch(code -> code == Code.OK);
        assertThat(node.isAlive()).isTrue();
        assertThat(node.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
    }

    /** One after the other. */
    private static List<Code> answers(RawClient client, LongFunction<Request> request, int count)
            throws IOException {
        List<Code> codes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            client.send(request.apply(i));
            codes.add(client.readReply().getCode());
        }
        return codes;
    }

    private static List<Code> answers(RawClient client, int count) throws IOException {
        List<Code> codes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            codes.add(client.readReply().getCode());
        }
        return codes;
    }

    private void fill(ForkedServer node, int keys, int valueBytes) throws IOException {
        try (RawClient client = RawClient.connect(node.address)) {
            int window = Math.max(1, Math.min(100, (1 << 20) / valueBytes));
            for (int i = 0; i < keys; i += window) {
                int count = Math.min(window, keys - i);
                BytesWriter out = new BytesWriter(256);
                for (int k = i; k < i + count; k++) {
                    out.putSized(Bytes.of(put(k, "key" + k, valueBytes).toByteArray()));
                }
                client.send(out.toBytes());
                assertThat(answers(client, count)).allMatch(code -> code == Code.OK);
            }
        }
    }

    private static Bytes pipeline(LongFunction<Request> request) {
        BytesWriter out = new BytesWriter(256);
        for (int i = 0; i < PIPELINED; i++) {
            out.putSized(Bytes.of(request.apply(i).toByteArray()));
        }
        return out.toBytes();
    }

    private static Request scan(long requestId) {
        return range(requestId, RangeRequest.newBuilder().setRangeEnd(TO_THE_END));
    }

    private static Request get(long requestId, String key) {
        return range(requestId, RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key)));
    }

    private static Request range(long requestId, RangeRequest.Builder range) {
        return Request.newBuilder()
                .setRequestId(requestId)
                .setTimeoutMs(DEADLINE_MS)
                .setRange(range)
                .build();
    }

    private static Request status(long requestId) {
        return Request.newBuilder()
                .setRequestId(requestId)
                .setStatus(StatusRequest.getDefaultInstance())
                .build();
    }

    private static Request put(long requestId, String key, int valueBytes) {
        return RawClient.command(
                requestId,
                Command.newBuilder()
                        .setPut(PutCommand.newBuilder()
                                .setKey(ByteString.copyFromUtf8(key))
                                .setValue(ByteString.copyFrom(new byte[valueBytes]))));
    }
}
