package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.codec.PeerFrames;
import io.kvd.core.codec.PeerPayload;
import io.kvd.core.codec.Wire;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.Fitness;
import io.kvd.core.raft.Message;
import io.kvd.core.raft.Moment;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a node does to the bytes of its peers. One operation is one frame with one message, encoded to the pieces that
 * are written, or decoded with all checksums, those of its entries included: an AppendEntries with so many entries of
 * 300 bytes, or its answer.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls fill().
public class PeerCodecBenchmark {
    private static final long GROUP = 1;
    private static final long TERM = 3;
    private static final long INDEX = 1_000_000;
    private static final Moment MOMENT = new Moment(1, 3_600_000_000_000L);

    private List<PeerPayload> answer;
    private Bytes answerBody;

    /** An AppendEntries, and a frame with it. */
    @State(Scope.Thread)
    public static class Append {
        @Param({"1", "16", "64"})
        private int entries = 1;

        private List<PeerPayload> message;
        private Bytes body;

        @Setup
        public void fill() {
            LogEntries log = new LogEntries(TERM, INDEX);
            EntryId previous = log.last();
            message = payload(new Message.AppendEntries(
                    header(),
                    previous,
                    List.of(log.next(GROUP, entries)),
                    INDEX,
                    INDEX,
                    7,
                    MOMENT));
            body = body(PeerFrames.encode(message));
        }
    }

    @Setup
    public void fill() {
        answer = payload(new Message.AppendAccepted(header(), INDEX, 7, MOMENT, Fitness.UNKNOWN));
        answerBody = body(PeerFrames.encode(answer));
    }

    private static Message.Header header() {
        return new Message.Header(GROUP, 1, 2, TERM, 1);
    }

    private static List<PeerPayload> payload(Message message) {
        return List.of(new PeerPayload.OfReplica(message));
    }

    /** As it arrives: the pieces in one array, without the frame's length. */
    private static Bytes body(List<Bytes> pieces) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (Bytes piece : pieces) {
            frame.write(piece.array(), piece.offset(), piece.length());
        }
        return Bytes.of(frame.toByteArray()).slice(Wire.FRAME_LENGTH_BYTES);
    }

    @Benchmark
    public List<Bytes> encodeAppend(Append append) {
        return PeerFrames.encode(append.message);
    }

    @Benchmark
    public List<PeerPayload> decodeAppend(Append append) {
        return PeerFrames.decode(append.body);
    }

    @Benchmark
    public List<Bytes> encodeAnswer() {
        return PeerFrames.encode(answer);
    }

    @Benchmark
    public List<PeerPayload> decodeAnswer() {
        return PeerFrames.decode(answerBody);
    }
}
