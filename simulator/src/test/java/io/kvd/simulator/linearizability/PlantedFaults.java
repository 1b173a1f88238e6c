package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Invocation.Ok;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Operation.Expected;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Puts into a good history, whose written values are all different, one answer that only a broken store gives. */
final class PlantedFaults {
    private final List<Invocation> history;
    /** The places of the history in random order: the first that serves is taken. */
    private final List<Integer> places = new ArrayList<>();

    PlantedFaults(List<Invocation> history, long seed) {
        this.history = new ArrayList<>(history);
        for (int i = 0; i < history.size(); i++) {
            places.add(i);
        }
        Collections.shuffle(places, new Random(seed));
    }

    /** A get sees a value that was replaced before it was called. */
    List<Invocation> staleRead() {
        for (int at : places) {
            if (answered(at) && history.get(at).operation() instanceof Operation.Get get) {
                for (Invocation newer : puts(get.key())) {
                    for (Invocation older : puts(get.key())) {
                        if (before(older, newer) && before(newer, history.get(at))) {
                            return with(at, new Response.Found(value(older), revision(older)));
                        }
                    }
                }
            }
        }
        throw new AssertionError("no place for a stale read");
    }

    /** A get does not see that the key was put, though nobody deletes. */
    List<Invocation> lostWrite() {
        for (int at : places) {
            if (answered(at) && history.get(at).operation() instanceof Operation.Get get) {
                for (Invocation put : puts(get.key())) {
                    if (before(put, history.get(at))) {
                        return with(at, new Response.Absent());
                    }
                }
            }
        }
        throw new AssertionError("no place for a lost write");
    }

    /** A get sees what was deleted before it was called. */
    List<Invocation> undoneDelete() {
        for (int at : places) {
            if (answered(at) && history.get(at).operation() instanceof Operation.Get get) {
                for (Invocation delete : deletes(get.key())) {
                    for (Invocation put : puts(get.key())) {
                        if (before(put, delete) && before(delete, history.get(at))) {
                            return with(at, new Response.Found(value(put), revision(put)));
                        }
                    }
                }
            }
        }
        throw new AssertionError("no place for an undone delete");
    }

    /** A get sees what was appended once twice. */
    List<Invocation> doubleAppend() {
        for (int at : places) {
            if (response(history.get(at)) instanceof Response.Found found) {
                String value = found.value().toUtf8();
                String first = value.substring(0, value.indexOf('.') + 1);
                return with(at, new Response.Found(Bytes.utf8(first + value), found.revision()));
            }
        }
        throw new AssertionError("no place for a double append");
    }

    /** A compare-and-set succeeds though another one has replaced what it expects. */
    List<Invocation> doubleCompareAndSet() {
        for (int at : places) {
            Invocation second = history.get(at);
            if (response(second) instanceof Response.Compared compared && !compared.succeeded()) {
                Operation.CompareAndSet cas = (Operation.CompareAndSet) second.operation();
                for (Invocation first : history) {
                    if (first.operation() instanceof Operation.CompareAndSet other
                            && other.key().equals(cas.key())
                            && response(first) instanceof Response.Compared done
                            && done.succeeded()
                            && before(first, second)
                            && other.expected() instanceof Expected.Revision) {
                        Operation again = new Operation.CompareAndSet(
                                cas.key(), other.expected(), cas.value());
                        Response succeeded = new Response.Compared(true, Response.NOT_TOLD);
                        history.set(at, answered(second, again, succeeded));
                        return history;
                    }
                }
            }
        }
        throw new AssertionError("no place for a double compare-and-set");
    }

    /** A range lacks a key that was put before it was called, though nobody deletes. */
    List<Invocation> lostRow() {
        for (int at : places) {
            if (response(history.get(at)) instanceof Response.Rows rows) {
                for (Response.Row row : rows.rows()) {
                    if (puts(row.key()).stream().anyMatch(put -> before(put, history.get(at)))) {
                        List<Response.Row> fewer = new ArrayList<>(rows.rows());
                        fewer.remove(row);
                        return with(at, new Response.Rows(fewer, rows.more()));
                    }
                }
            }
        }
        throw new AssertionError("no place for a lost row");
    }

    /** A range sees one of a batch's two changes, and in the place of the other what was there long before. */
    List<Invocation> tornBatch() {
        for (int at : places) {
            if (response(history.get(at)) instanceof Response.Rows rows) {
                for (Response.Row seen : rows.rows()) {
                    for (int other = 0; other < rows.rows().size(); other++) {
                        Bytes old = replacedBefore(seen, rows.rows().get(other));
                        if (!old.isEmpty()) {
                            List<Response.Row> torn = new ArrayList<>(rows.rows());
                            Bytes key = torn.get(other).key();
                            torn.set(other, new Response.Row(key, old, Response.NOT_TOLD));
                            return with(at, new Response.Rows(torn, rows.more()));
                        }
                    }
                }
            }
        }
        throw new AssertionError("no place for a torn batch");
    }

    /** A value of the other row's key from before the batch that wrote both rows; empty if there is none. */
    private Bytes replacedBefore(Response.Row seen, Response.Row other) {
        for (Invocation batch : history) {
            if (writes(batch, seen.key(), seen.value())
                    && writes(batch, other.key(), other.value())
                    && !seen.key().equals(other.key())) {
                for (Invocation older : history) {
                    Bytes value = lastWritten(older, other.key());
                    if (!value.isEmpty() && before(older, batch)) {
                        return value;
                    }
                }
            }
        }
        return Bytes.EMPTY;
    }

    private static boolean writes(Invocation batch, Bytes key, Bytes value) {
        return lastWritten(batch, key).equals(value);
    }

    private static Bytes lastWritten(Invocation invocation, Bytes key) {
        Bytes last = Bytes.EMPTY;
        if (invocation.operation() instanceof Operation.Batch batch) {
            for (Operation part : batch.parts()) {
                if (part instanceof Operation.Put put && put.key().equals(key)) {
                    last = put.value();
                }
            }
        }
        return last;
    }

    private boolean answered(int at) {
        return history.get(at).outcome() instanceof Ok;
    }

    private List<Invocation> puts(Bytes key) {
        return history.stream()
                .filter(i -> i.outcome() instanceof Ok
                        && i.operation() instanceof Operation.Put put
                        && put.key().equals(key))
                .toList();
    }

    private List<Invocation> deletes(Bytes key) {
        return history.stream()
                .filter(i -> i.operation() instanceof Operation.Delete delete
                        && delete.key().equals(key))
                .toList();
    }

    private static boolean before(Invocation first, Invocation second) {
        return first.outcome() instanceof Ok ok && ok.returnNanos() < second.callNanos();
    }

    private static Response response(Invocation invocation) {
        return invocation.outcome() instanceof Ok ok ? ok.response() : new Response.Absent();
    }

    private static Bytes value(Invocation put) {
        return ((Operation.Put) put.operation()).value();
    }

    private static long revision(Invocation put) {
        return ((Response.Written) response(put)).revision();
    }

    private List<Invocation> with(int at, Response response) {
        Invocation old = history.get(at);
        history.set(at, answered(old, old.operation(), response));
        return history;
    }

    private static Invocation answered(Invocation old, Operation operation, Response response) {
        Ok outcome = new Ok(response, old.outcome().returnNanos());
        return new Invocation(old.client(), operation, old.callNanos(), outcome);
    }
}
