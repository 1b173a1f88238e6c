package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Operation.Expected;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** One copy that does one operation after another: what every good history could have come from. */
final class AtomicStore {
    private final TreeMap<Bytes, Row> rows = new TreeMap<>();
    private long revision = 1;

    private record Row(Bytes value, long revision) {}

    Response apply(Operation operation) {
        if (operation instanceof Operation.Range range) {
            List<Response.Row> found = new ArrayList<>();
            rows.forEach((key, row) -> {
                if (range.contains(key)) {
                    found.add(new Response.Row(key, row.value(), row.revision()));
                }
            });
            return new Response.Rows(found, false);
        }
        long next = revision + 1;
        if (operation instanceof Operation.Batch batch) {
            List<Response> responses =
                    batch.parts().stream().map(part -> applyAt(part, next)).toList();
            return new Response.Batched(responses);
        }
        return applyAt(operation, next);
    }

    private Response applyAt(Operation operation, long next) {
        if (operation instanceof Operation.Get get) {
            Row row = rows.get(get.key());
            return row == null
                    ? new Response.Absent()
                    : new Response.Found(row.value(), row.revision());
        }
        if (operation instanceof Operation.Put put) {
            return new Response.Written(set(put.key(), put.value(), next));
        }
        if (operation instanceof Operation.Append append) {
            Row row = rows.get(append.key());
            String before = row == null ? "" : row.value().toUtf8();
            Bytes value = Bytes.utf8(before + append.suffix().toUtf8());
            return new Response.Written(set(append.key(), value, next));
        }
        if (operation instanceof Operation.Delete delete) {
            boolean existed = rows.remove(delete.key()) != null;
            revision = existed ? next : revision;
            return new Response.Deleted(existed, existed ? next : Response.NOT_TOLD);
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            Row row = rows.get(cas.key());
            long current = row == null ? 0 : row.revision();
            boolean matches = cas.expected() instanceof Expected.Revision expected
                    ? expected.revision() == current
                    : row != null && row.value().equals(((Expected.Value) cas.expected()).value());
            return matches
                    ? new Response.Compared(true, set(cas.key(), cas.value(), next))
                    : new Response.Compared(false, current);
        }
        throw new AssertionError("unhandled " + operation);
    }

    private long set(Bytes key, Bytes value, long next) {
        rows.put(key, new Row(value, next));
        revision = next;
        return next;
    }
}
