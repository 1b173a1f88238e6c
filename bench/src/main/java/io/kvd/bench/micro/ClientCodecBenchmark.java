package io.kvd.bench.micro;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.kv.Answer;
import io.kvd.core.kv.CommandValidator;
import io.kvd.core.kv.RequestLimits;
import io.kvd.core.kv.Verdict;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.Replies;
import io.kvd.core.node.ReplyHeader;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.PutResult;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.util.concurrent.TimeUnit;

/**
 * What a node does to the bytes of a client. One operation is the body of one frame: a request of a session decoded
 * and judged, or an answer encoded. Keys of 14 bytes, values of 256.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls fill().
public class ClientCodecBenchmark {
    private static final long TERM = 3;
    private static final long REVISION = 1_000_000;
    private static final int ID_BYTES = 16;
    private static final int TIMEOUT_MS = 5_000;

    private final CommandValidator validator = new CommandValidator(RequestLimits.DEFAULTS);
    private final ReplyHeader header = new ReplyHeader(1, TERM, Bytes.of(new byte[ID_BYTES]));
    private final RequestOrigin origin = new RequestOrigin(1, REVISION, 0, 0);
    private Bytes put;
    private Bytes get;
    private Answer answer;
    private RangeResult row;

    @Setup
    public void fill() {
        KeysAndValues source = new KeysAndValues(1);
        ByteString key = source.key(0);
        ByteString value = source.randomValue();
        Request.Builder request =
                Request.newBuilder().setRequestId(REVISION).setTimeoutMs(TIMEOUT_MS);
        put = bytes(request.clone()
                .setSessionId(REVISION)
                .setSequence(REVISION)
                .setLowestUnanswered(REVISION)
                .setCommand(CommandLog.put(key, value).toByteString())
                .build());
        get = bytes(
                request.clone().setRange(RangeRequest.newBuilder().setKey(key)).build());
        Result result = Result.newBuilder()
                .setRevision(REVISION)
                .setPut(PutResult.getDefaultInstance())
                .build();
        answer = new Answer(Code.OK, Bytes.of(result.toByteArray()));
        row = RangeResult.newBuilder()
                .setRevision(REVISION)
                .addKvs(KeyValue.newBuilder()
                        .setKey(key)
                        .setValue(value)
                        .setCreateRevision(1)
                        .setModRevision(REVISION)
                        .setVersion(1))
                .build();
    }

    private static Bytes bytes(Request request) {
        return Bytes.of(request.toByteArray());
    }

    /** Envelope and command of a put. One copy of the command is in it, which a node does without. */
    @Benchmark
    public Command decodePut() throws InvalidProtocolBufferException {
        Request request = envelope(put);
        Bytes command = Bytes.of(request.getCommand().toByteArray());
        Entry.Origin session = new Entry.Origin(
                request.getSessionId(), request.getSequence(), request.getLowestUnanswered(), 0);
        return accepted(validator.command(command, session));
    }

    @Benchmark
    public RangeRequest decodeGet() throws InvalidProtocolBufferException {
        return accepted(validator.range(envelope(get).getRange()));
    }

    @Benchmark
    public ClientReply encodePutReply() {
        return Replies.result(header, origin, answer);
    }

    @Benchmark
    public ClientReply encodeGetReply() {
        return Replies.range(header, origin, row);
    }

    /** As a connection reads it: parts of the message are views of the frame. */
    private static Request envelope(Bytes body) throws InvalidProtocolBufferException {
        CodedInputStream in = UnsafeByteOperations.unsafeWrap(
                        body.array(), body.offset(), body.length())
                .newCodedInput();
        in.enableAliasing(true);
        return Request.parser().parseFrom(in);
    }

    private static <T> T accepted(Verdict<T> verdict) {
        Check.that(verdict instanceof Verdict.Accepted<T>, "refused: %s", verdict);
        return ((Verdict.Accepted<T>) verdict).request();
    }
}
