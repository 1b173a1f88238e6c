package io.kvd.bench.micro;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.ClientReply;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.LogStore;
import io.kvd.core.node.ReplyHeader;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.node.RestoredLog;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Command;
import io.kvd.server.metrics.MeasuredLogStore;
import io.kvd.server.metrics.NodeMetrics;
import io.kvd.server.metrics.RequestMeter;
import io.kvd.server.metrics.RequestTimes;
import io.kvd.server.metrics.TimedReply;
import io.kvd.server.metrics.WriteStages;

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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What it costs to follow a batch of writes through their stages: one turn, one log batch that costs nothing, one
 * hand-over, one state batch, one delivery. Time a batch; two writes of each came with the same read event.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls fill().
public class MeteringBenchmark {
    private static final long GROUP_ID = 1;
    private static final long TERM = 1;
    private static final long NEVER_SLOW_NANOS = Long.MAX_VALUE;

    @Param({"1", "16", "64"})
    private int batch = 1;

    private WriteStages stages;
    private MeasuredLogStore log;
    private RequestMeter meter;
    private LogBatch persisted;
    private ApplyInput.ApplyBatch committed;
    private List<ClientReply> replies;

    @Setup
    public void fill() {
        NodeMetrics metrics = new NodeMetrics();
        stages = new WriteStages();
        log = new MeasuredLogStore(new Nowhere(), metrics, stages);
        meter = new RequestMeter(metrics, NEVER_SLOW_NANOS);
        List<Entry> entries = new ArrayList<>();
        List<ApplyInput.WaitingWrite> waiting = new ArrayList<>();
        replies = new ArrayList<>();
        long nowNanos = System.nanoTime();
        for (int i = 1; i <= batch; i++) {
            EntryId id = new EntryId(TERM, i);
            RequestOrigin origin = new RequestOrigin(i, i, 0, nowNanos + i / 2);
            entries.add(new Entry(
                    id, EntryKind.COMMAND, Entry.Stamp.ZERO, Entry.Origin.NONE, Bytes.EMPTY));
            waiting.add(new ApplyInput.WaitingWrite(id, origin, Command.getDefaultInstance()));
            replies.add(new ClientReply(origin, Bytes.EMPTY));
        }
        List<Run> runs = List.of(Run.encode(GROUP_ID, entries));
        persisted = new LogBatch(
                List.of(),
                List.of(new LogBatch.GroupWrite(
                        GROUP_ID, new HardState(TERM, 0), List.of(), 0, runs)));
        committed = new ApplyInput.ApplyBatch(
                GROUP_ID, new ReplyHeader(1, TERM, Bytes.EMPTY), runs, waiting);
    }

    @Benchmark
    public void writes() {
        stages.turnBegins(System.nanoTime());
        log.write(persisted);
        List<RequestTimes> times = stages.committed(committed, System.nanoTime());
        long doneNanos = System.nanoTime();
        List<TimedReply> timed = new ArrayList<>(replies.size());
        RequestTimes same = RequestTimes.NONE;
        for (int i = 0; i < replies.size(); i++) {
            if (i == 0 || !times.get(i).equals(times.get(i - 1))) {
                same = times.get(i).done(doneNanos);
            }
            timed.add(new TimedReply(replies.get(i), same));
        }
        meter.answered(timed, System.nanoTime());
    }

    /** A log that costs nothing. */
    private static final class Nowhere implements LogStore {
        @Override
        public RestoredLog restore() {
            return new RestoredLog(List.of(), List.of());
        }

        @Override
        public void write(LogBatch batch) {}

        @Override
        public List<Run> load(long groupId, long fromIndex, long toIndex, int maxBytes) {
            return List.of();
        }

        @Override
        public long sizeBytes(long groupId) {
            return 0;
        }

        @Override
        public void close() {}
    }
}
