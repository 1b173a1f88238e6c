package io.kvd.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientCall;
import io.kvd.core.client.ClientCall.Ask;
import io.kvd.core.client.ClientCall.Question;
import io.kvd.core.client.ClientCall.Read;
import io.kvd.core.client.ClientCall.Write;
import io.kvd.core.client.ClientCall.WriteMode;
import io.kvd.protocol.Command;
import io.kvd.protocol.CompareAndSetCommand;
import io.kvd.protocol.CompareAndSetResult;
import io.kvd.protocol.DeleteCommand;
import io.kvd.protocol.Figure;
import io.kvd.protocol.PutCommand;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.StatusResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Every operation of the store, as values to be submitted. What each means is written at {@link KvdClient}. */
public final class Operations {
    private Operations() {}

    public static Operation<Long> put(Bytes key, Bytes value, CallOptions options) {
        PutCommand.Builder put =
                PutCommand.newBuilder().setKey(string(key)).setValue(string(value));
        return new Operation<>(
                write(Command.newBuilder().setPut(put), options), Operations::revision);
    }

    public static Operation<Long> delete(Bytes key, CallOptions options) {
        DeleteCommand.Builder delete = DeleteCommand.newBuilder().setKey(string(key));
        return new Operation<>(
                write(Command.newBuilder().setDelete(delete), options), Operations::deleted);
    }

    /** As {@link KvdClient#compareAndSet(Bytes, long, Bytes)}. */
    public static Operation<CompareAndSet> compareAndSet(
            Bytes key, long expectedModRevision, Bytes value, CallOptions options) {
        CompareAndSetCommand.Builder set = CompareAndSetCommand.newBuilder()
                .setKey(string(key))
                .setValue(string(value))
                .setExpectedModRevision(expectedModRevision);
        return new Operation<>(
                write(Command.newBuilder().setCompareAndSet(set), options),
                Operations::compareAndSet);
    }

    public static Operation<Optional<KeyValue>> get(Bytes key, CallOptions options) {
        RangeRequest.Builder get = range(options).setKey(string(key));
        return new Operation<>(read(get, options), answer -> {
            RangeResult result = answer.reply().getRange();
            return result.getKvsCount() == 0
                    ? Optional.empty()
                    : Optional.of(keyValue(result.getKvs(0)));
        });
    }

    /** The first rows of the range, at most {@code limit}; 0 = as many as one answer holds. */
    public static Operation<Page> scan(KeyRange range, long limit, CallOptions options) {
        RangeRequest.Builder scan = range(range, options).setLimit(limit);
        return new Operation<>(read(scan, options), Operations::page);
    }

    /** The same without values. */
    public static Operation<Page> scanKeys(KeyRange range, long limit, CallOptions options) {
        RangeRequest.Builder scan = range(range, options).setLimit(limit).setKeysOnly(true);
        return new Operation<>(read(scan, options), Operations::page);
    }

    public static Operation<Long> count(KeyRange range, CallOptions options) {
        RangeRequest.Builder count = range(range, options).setCountOnly(true);
        return new Operation<>(
                read(count, options), answer -> answer.reply().getRange().getCount());
    }

    /** As {@link KvdClient#status(String)}. */
    public static Operation<StatusResult> status(String address, CallOptions options) {
        Ask ask = new Ask(address, Question.STATUS, options.timeout().toMillis());
        return new Operation<>(ask, answer -> answer.reply().getStatus());
    }

    /** As {@link KvdClient#ping(String)}. */
    public static Operation<String> ping(String address, CallOptions options) {
        Ask ask = new Ask(address, Question.PING, options.timeout().toMillis());
        return new Operation<>(ask, answer -> answer.reply().getPing().getProgram());
    }

    /** What the node at the address counts and measures, by the names of docs/metrics.md. */
    public static Operation<Map<String, Double>> figures(String address, CallOptions options) {
        Ask ask = new Ask(address, Question.FIGURES, options.timeout().toMillis());
        return new Operation<>(ask, answer -> {
            Map<String, Double> figures = new TreeMap<>();
            for (Figure figure : answer.reply().getFigures().getFiguresList()) {
                figures.put(figure.getName(), figure.getValue());
            }
            return figures;
        });
    }

    private static ClientCall write(Command.Builder command, CallOptions options) {
        WriteMode mode = options.writes() == CallOptions.Writes.EXACTLY_ONCE
                ? WriteMode.SESSION
                : WriteMode.SESSIONLESS;
        return new Write(command.build().toByteString(), mode, options.timeout().toMillis());
    }

    private static ClientCall read(RangeRequest.Builder range, CallOptions options) {
        return new Read(range.build(), options.timeout().toMillis());
    }

    private static RangeRequest.Builder range(KeyRange range, CallOptions options) {
        return range(options).setKey(string(range.from())).setRangeEnd(string(range.to()));
    }

    private static RangeRequest.Builder range(CallOptions options) {
        RangeRequest.Builder range = RangeRequest.newBuilder();
        Consistency consistency = options.consistency();
        if (consistency instanceof Consistency.Stale) {
            range.setConsistency(io.kvd.protocol.Consistency.STALE);
        } else if (consistency instanceof Consistency.AtLeast atLeast) {
            range.setConsistency(io.kvd.protocol.Consistency.AT_LEAST)
                    .setAtLeastRevision(atLeast.revision());
        } else if (consistency instanceof Consistency.Bounded bounded) {
            int maxMs = (int) Math.min(Integer.MAX_VALUE, bounded.maxStaleness().toMillis());
            range.setConsistency(io.kvd.protocol.Consistency.BOUNDED).setMaxStalenessMs(maxMs);
        }
        return range;
    }

    private static long revision(Answer answer) {
        return answer.result().getRevision();
    }

    private static long deleted(Answer answer) {
        return answer.result().getDelete().getDeleted();
    }

    private static CompareAndSet compareAndSet(Answer answer) {
        CompareAndSetResult result = answer.result().getCompareAndSet();
        return new CompareAndSet(result.getSucceeded(), result.getCurrentModRevision());
    }

    private static Page page(Answer answer) {
        RangeResult result = answer.reply().getRange();
        List<KeyValue> rows = new ArrayList<>(result.getKvsCount());
        for (io.kvd.protocol.KeyValue row : result.getKvsList()) {
            rows.add(keyValue(row));
        }
        return new Page(result.getRevision(), rows, result.getMore(), bytes(result.getNextKey()));
    }

    private static KeyValue keyValue(io.kvd.protocol.KeyValue row) {
        return new KeyValue(
                bytes(row.getKey()),
                bytes(row.getValue()),
                row.getCreateRevision(),
                row.getModRevision(),
                row.getVersion());
    }

    /** Without a copy: what {@link Bytes} shows is never written to again. */
    private static ByteString string(Bytes bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes.array(), bytes.offset(), bytes.length());
    }

    private static Bytes bytes(ByteString string) {
        return Bytes.of(string.toByteArray());
    }
}
