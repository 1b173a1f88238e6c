package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Operation.Expected;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes steps of operations and their answers, in terms of the numbers of one partition's keys and values. */
final class Compiler {
    private final List<Bytes> keys;
    private final Map<Bytes, Integer> numbers = new HashMap<>();
    private final Values values;

    /** What a step does, and where. */
    record Compiled(Step step, Footprint footprint) {}

    /** @param keys of the partition, ascending */
    Compiler(List<Bytes> keys) {
        this.keys = keys;
        this.values = new Values(keys.size());
        for (Bytes key : keys) {
            numbers.put(key, numbers.size());
        }
    }

    Values values() {
        return values;
    }

    /** An operation that was answered. */
    Compiled answered(Operation operation, Response response) {
        if (operation instanceof Operation.Get get) {
            return read(number(get.key()), response);
        }
        if (operation instanceof Operation.Range range) {
            return range(range, (Response.Rows) response);
        }
        if (operation instanceof Operation.Delete delete) {
            int key = number(delete.key());
            Response.Deleted deleted = (Response.Deleted) response;
            return deleted.existed()
                    ? new Compiled(
                            new Step.Change(
                                    List.of(new Step.DeletePresent(key)), deleted.revision()),
                            Footprint.readingSomehow(key, Response.NOT_TOLD)
                                    .and(Footprint.writing(key, Values.absent(key))))
                    : observe(key, Values.absent(key), Response.NOT_TOLD);
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            Response.Compared compared = (Response.Compared) response;
            return compared.succeeded()
                    ? effect(operation, compared.revision())
                    : mismatch(cas, compared.revision());
        }
        if (operation instanceof Operation.Batch batch) {
            return batch(batch, (Response.Batched) response);
        }
        return effect(operation, ((Response.Written) response).revision());
    }

    /** An operation of which only the effect counts, which it has at this revision. */
    Compiled effect(Operation operation, long revision) {
        if (operation instanceof Operation.CompareAndSet cas) {
            int key = number(cas.key());
            Compiled found = expected(key, cas.expected());
            int value = values.of(key, cas.value());
            Step put = new Step.Change(List.of(new Step.Put(key, value)), revision);
            return new Compiled(
                    new Step.Sequence(List.of(found.step(), put)),
                    found.footprint().and(Footprint.writing(key, value)));
        }
        List<Operation> parts =
                operation instanceof Operation.Batch batch ? batch.parts() : List.of(operation);
        List<Step.Part> changes = new ArrayList<>();
        Footprint footprint = Footprint.NOTHING;
        for (Operation part : parts) {
            if (part instanceof Operation.Put put) {
                int key = number(put.key());
                int value = values.of(key, put.value());
                changes.add(new Step.Put(key, value));
                footprint = footprint.and(Footprint.writing(key, value));
            } else if (part instanceof Operation.Append append) {
                int key = number(append.key());
                changes.add(new Step.Append(key, append.suffix(), values));
                footprint = footprint.and(Footprint.appending(key));
            } else if (part instanceof Operation.Delete delete) {
                int key = number(delete.key());
                changes.add(new Step.Delete(key));
                footprint = footprint.and(Footprint.writing(key, Values.absent(key)));
            }
        }
        return new Compiled(new Step.Change(List.copyOf(changes), revision), footprint);
    }

    private Compiled expected(int key, Expected expected) {
        if (expected instanceof Expected.Value value) {
            return observe(key, values.of(key, value.value()), Response.NOT_TOLD);
        }
        return revision(key, ((Expected.Revision) expected).revision());
    }

    private Compiled mismatch(Operation.CompareAndSet cas, long current) {
        int key = number(cas.key());
        Compiled found = current == Response.NOT_TOLD
                ? new Compiled(new Step.Sequence(List.of()), Footprint.readingSomehow(key, current))
                : revision(key, current);
        if (cas.expected() instanceof Expected.Value value) {
            int unwanted = values.of(key, value.value());
            return new Compiled(
                    new Step.Sequence(List.of(new Step.ObserveOther(key, unwanted), found.step())),
                    found.footprint().and(Footprint.mentioning(unwanted)));
        }
        boolean matched = ((Expected.Revision) cas.expected()).revision() == current;
        return new Compiled(matched ? new Step.Contradiction() : found.step(), found.footprint());
    }

    private Compiled revision(int key, long revision) {
        return revision == 0
                ? observe(key, Values.absent(key), Response.NOT_TOLD)
                : new Compiled(
                        new Step.ObserveRevision(key, revision),
                        Footprint.readingSomehow(key, revision));
    }

    private Compiled read(int key, Response response) {
        return response instanceof Response.Found found
                ? observe(key, values.of(key, found.value()), found.revision())
                : observe(key, Values.absent(key), Response.NOT_TOLD);
    }

    private Compiled observe(int key, int value, long revision) {
        return new Compiled(
                new Step.Observe(key, value, revision),
                Footprint.reading(Footprint.Reads.of(key, value, revision), values));
    }

    private Compiled range(Operation.Range range, Response.Rows rows) {
        int from = lowerBound(range.from());
        int end = range.end().isEmpty() ? keys.size() : Math.max(from, lowerBound(range.end()));
        int to = !rows.more()
                ? end
                : rows.rows().isEmpty()
                        ? from
                        : number(rows.rows().get(rows.rows().size() - 1).key()) + 1;
        int[] found = new int[Math.max(0, to - from)];
        long[] revisions = new long[found.length];
        Arrays.setAll(found, i -> Values.absent(from + i));
        Arrays.fill(revisions, Response.NOT_TOLD);
        int last = -1;
        for (Response.Row row : rows.rows()) {
            int at = number(row.key()) - from;
            if (!range.contains(row.key()) || at <= last) {
                return new Compiled(new Step.Contradiction(), Footprint.NOTHING);
            }
            found[at] = values.of(from + at, row.value());
            revisions[at] = row.revision();
            last = at;
        }
        Compiled scan = new Compiled(
                new Step.Scan(from, found, revisions),
                Footprint.reading(Footprint.Reads.from(from, found, revisions), values));
        return rows.more() ? andMore(scan, to, end) : scan;
    }

    private Compiled andMore(Compiled scan, int from, int to) {
        int[] somehow = new int[Math.max(0, to - from)];
        long[] notTold = new long[somehow.length];
        Arrays.fill(somehow, Footprint.ANY);
        Arrays.fill(notTold, Response.NOT_TOLD);
        return new Compiled(
                new Step.Sequence(List.of(scan.step(), new Step.ObserveAny(from, to))),
                scan.footprint()
                        .and(Footprint.reading(
                                Footprint.Reads.from(from, somehow, notTold), values)));
    }

    private Compiled batch(Operation.Batch batch, Response.Batched response) {
        List<Step.Part> parts = new ArrayList<>();
        List<Step> reads = new ArrayList<>();
        Footprint footprint = Footprint.NOTHING;
        long revision = Response.NOT_TOLD;
        boolean changes = false;
        for (int i = 0; i < batch.parts().size(); i++) {
            Compiled part = answered(batch.parts().get(i), response.parts().get(i));
            footprint = footprint.and(part.footprint());
            if (part.step() instanceof Step.Change change) {
                changes = true;
                parts.addAll(change.parts());
                if (revision != Response.NOT_TOLD
                        && change.revision() != Response.NOT_TOLD
                        && change.revision() != revision) {
                    return new Compiled(new Step.Contradiction(), footprint);
                }
                revision = Math.max(revision, change.revision());
            } else {
                parts.add(new Step.Read(part.step()));
                reads.add(part.step());
            }
        }
        return new Compiled(
                changes ? new Step.Change(List.copyOf(parts), revision) : new Step.Sequence(reads),
                footprint);
    }

    private int number(Bytes key) {
        Integer number = numbers.get(key);
        if (number == null) {
            throw new AssertionError("a key of another partition: " + key);
        }
        return number;
    }

    private int lowerBound(Bytes key) {
        int at = Collections.binarySearch(keys, key);
        return at >= 0 ? at : -at - 1;
    }
}
