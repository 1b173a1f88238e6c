package io.kvd.simulator.judge;

import io.kvd.core.base.Bytes;
import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.CompareAndSetResult;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Result;
import io.kvd.simulator.history.History;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Operation.Expected;
import io.kvd.simulator.history.Response;
import io.kvd.simulator.linearizability.Budget;
import io.kvd.simulator.linearizability.LinearizabilityChecker;
import io.kvd.simulator.linearizability.Verdict;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Operation;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All that clients were answered can be explained by one copy that does one operation at a time. Stale reads are no
 * part of it: they promise less.
 */
public final class HistoryIsLinearizable extends Judge {
    /** Of most histories a small part of it is enough; those that need more rarely end within a hundred times of it. */
    private static final Budget BUDGET = new Budget(100_000, 64L << 20);

    private final World world;
    private final Meaning meaning;
    private final History history = new History();
    /** By operation number: its id in the history. */
    private final TreeMap<Long, Long> ids = new TreeMap<>();
    /** Of writes of values, which are never written twice: what goes into the log. */
    private final Map<io.kvd.simulator.history.Operation, Bytes> payloads = new HashMap<>();

    private boolean undecided;

    HistoryIsLinearizable(World world, Meaning meaning) {
        super("the history is linearizable", "Herlihy and Wing 1990");
        this.world = world;
        this.meaning = meaning;
    }

    /** What clients did and saw so far. */
    public History history() {
        return history;
    }

    @Override
    public void invoked(ClientHost client, Operation operation) {
        if (isExplained(operation.body())) {
            io.kvd.simulator.history.Operation asked = asked(operation.body());
            ids.put(operation.number(), history.call(client.number(), asked, world.nowNanos()));
            if (asked instanceof io.kvd.simulator.history.Operation.Put
                    || asked instanceof io.kvd.simulator.history.Operation.CompareAndSet) {
                payloads.put(
                        asked, Bytes.of(ClientHost.command(operation.body()).toByteArray()));
            }
        }
    }

    // Weaker reads promise less; what is no row's value or not about rows is judged elsewhere.
    private static boolean isExplained(Operation.Body body) {
        if (body instanceof Operation.Read read) {
            return read.demand().equals(Operation.Demand.LINEARIZABLE)
                    && read.part().content() == Operation.Content.ROWS;
        }
        return body instanceof Operation.Put
                || body instanceof Operation.Delete
                || body instanceof Operation.CompareAndSet;
    }

    private static io.kvd.simulator.history.Operation asked(Operation.Body body) {
        if (body instanceof Operation.Put put) {
            return new io.kvd.simulator.history.Operation.Put(put.key(), put.value());
        } else if (body instanceof Operation.Delete delete) {
            return new io.kvd.simulator.history.Operation.Delete(delete.key());
        } else if (body instanceof Operation.CompareAndSet cas) {
            return new io.kvd.simulator.history.Operation.CompareAndSet(
                    cas.key(), new Expected.Revision(cas.expectedModRevision()), cas.value());
        } else if (body instanceof Operation.Read read) {
            return read.to().isEmpty()
                    ? new io.kvd.simulator.history.Operation.Get(read.from())
                    : new io.kvd.simulator.history.Operation.Range(read.from(), read.to());
        }
        throw new AssertionError("unhandled " + body);
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        Long id = ids.remove(operation.number());
        if (id == null) {
            return;
        }
        if (outcome instanceof Outcome.Ok<Answer> ok) {
            history.ok(id, answered(operation.body(), ok.value()), world.nowNanos());
        } else if (outcome instanceof Outcome.Unknown<Answer>) {
            history.unknown(id, world.nowNanos());
        } else {
            history.fail(id, world.nowNanos());
        }
    }

    private static Response answered(Operation.Body body, Answer answer) {
        Result result = answer.result();
        if (body instanceof Operation.Put) {
            return new Response.Written(result.getRevision());
        } else if (body instanceof Operation.Delete) {
            boolean existed = result.getDelete().getDeleted() > 0;
            return new Response.Deleted(
                    existed, existed ? result.getRevision() : Response.NOT_TOLD);
        } else if (body instanceof Operation.CompareAndSet) {
            CompareAndSetResult compared = result.getCompareAndSet();
            return new Response.Compared(compared.getSucceeded(), compared.getCurrentModRevision());
        }
        RangeResult range = answer.reply().getRange();
        List<Response.Row> rows = new ArrayList<>();
        for (KeyValue row : range.getKvsList()) {
            rows.add(new Response.Row(
                    Bytes.of(row.getKey().toByteArray()),
                    Bytes.of(row.getValue().toByteArray()),
                    row.getModRevision()));
        }
        if (!((Operation.Read) body).to().isEmpty()) {
            return new Response.Rows(rows, range.getMore());
        }
        return rows.isEmpty()
                ? new Response.Absent()
                : new Response.Found(rows.get(0).value(), rows.get(0).revision());
    }

    @Override
    public void atTheEnd(World over) {
        LinearizabilityChecker checker = new LinearizabilityChecker(BUDGET);
        Verdict verdict = checker.check(history.invocations());
        if (verdict instanceof Verdict.Undecided) {
            // Too many writes of which clients know nothing. The log knows, and what it says is
            // judged elsewhere; with it there is little left to search.
            verdict = checker.check(settled());
        }
        if (verdict instanceof Verdict.NotLinearizable not) {
            throw violation("keys %s: %s", not.counterexample().keys(), not.counterexample());
        }
        undecided = verdict instanceof Verdict.Undecided;
        held();
    }

    /** Whether even that took too long to decide. */
    public boolean isUndecided() {
        return undecided;
    }

    /** The history, with the outcome of unknown writes of values, none of which was written twice, as the log has it. */
    private List<Invocation> settled() {
        List<Invocation> settled = new ArrayList<>();
        for (Invocation invocation : history.invocations()) {
            boolean isOpen = invocation.outcome() instanceof Invocation.Unknown
                    && payloads.containsKey(invocation.operation());
            settled.add(isOpen ? settled(invocation) : invocation);
        }
        return settled;
    }

    private Invocation settled(Invocation open) {
        Bytes payload = payloads.getOrDefault(open.operation(), Bytes.EMPTY);
        Optional<Result> result = meaning.executionOf(payload);
        long now = world.nowNanos();
        Invocation.Outcome outcome = result.isEmpty()
                ? new Invocation.Failed(now)
                : new Invocation.Ok(written(open.operation(), result.get()), now);
        return new Invocation(open.client(), open.operation(), open.callNanos(), outcome);
    }

    private static Response written(io.kvd.simulator.history.Operation operation, Result result) {
        return operation instanceof io.kvd.simulator.history.Operation.Put
                ? new Response.Written(result.getRevision())
                : new Response.Compared(
                        result.getCompareAndSet().getSucceeded(),
                        result.getCompareAndSet().getCurrentModRevision());
    }
}
