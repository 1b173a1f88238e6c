package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Invocation.Ok;
import io.kvd.simulator.history.Invocation.Unknown;
import io.kvd.simulator.history.Operation;
import io.kvd.simulator.history.Operation.Expected;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The definition, written down: tries every order of the answered operations and of any of the unknown ones that keeps
 * to real time, on a plain map. Revisions are whole numbers from 1 on, one for each change, that ascend; answers fix some
 * of them.
 */
final class BruteForce {
    private final List<Invocation> history;
    private final List<Invocation> placed = new ArrayList<>();

    private BruteForce(List<Invocation> history) {
        this.history = history;
    }

    static boolean isLinearizable(List<Invocation> history) {
        return new BruteForce(history).search();
    }

    private boolean search() {
        if (!new Replay().explains(placed)) {
            return false;
        }
        boolean complete = true;
        for (Invocation next : history) {
            if (placed.contains(next) || next.outcome() instanceof Invocation.Failed) {
                continue;
            }
            complete &= next.outcome() instanceof Unknown;
            if (mayComeNext(next)) {
                placed.add(next);
                if (search()) {
                    return true;
                }
                placed.remove(placed.size() - 1);
            }
        }
        return complete;
    }

    private boolean mayComeNext(Invocation next) {
        for (Invocation other : history) {
            boolean before = other.outcome().returnNanos() < next.callNanos()
                    || (other.outcome().returnNanos() == next.callNanos()
                            && other.client() == next.client());
            if (other.outcome() instanceof Ok && before && !placed.contains(other)) {
                return false;
            }
        }
        return true;
    }

    /** A row, and which change made it. */
    private record Row(String value, int change) {}

    /** One order, from the empty store. */
    private static final class Replay {
        private final TreeMap<Bytes, Row> rows = new TreeMap<>();
        /** What is known of the revision of each change; 0: nothing. */
        private final List<Long> revisions = new ArrayList<>();

        private boolean possible = true;

        private boolean explains(List<Invocation> order) {
            for (Invocation invocation : order) {
                List<Operation> parts = invocation.operation() instanceof Operation.Batch batch
                        ? batch.parts()
                        : List.of(invocation.operation());
                int change = revisions.size();
                for (int i = 0; i < parts.size() && possible; i++) {
                    if (!(invocation.outcome() instanceof Ok ok)) {
                        effect(parts.get(i), change);
                    } else if (ok.response() instanceof Response.Batched batched) {
                        answer(parts.get(i), batched.parts().get(i), change);
                    } else {
                        answer(parts.get(i), ok.response(), change);
                    }
                }
            }
            long lowest = 0;
            for (long revision : revisions) {
                lowest++;
                possible &= revision == 0 || revision >= lowest;
                lowest = Math.max(lowest, revision);
            }
            return possible;
        }

        private void effect(Operation operation, int change) {
            if (operation instanceof Operation.Put put) {
                set(put.key(), put.value().toUtf8(), change);
            } else if (operation instanceof Operation.Append append) {
                Row row = rows.getOrDefault(append.key(), new Row("", 0));
                set(append.key(), row.value() + append.suffix().toUtf8(), change);
            } else if (operation instanceof Operation.Delete delete) {
                if (rows.remove(delete.key()) != null) {
                    begin(change);
                }
            } else if (operation instanceof Operation.CompareAndSet cas) {
                // Where it does not match it does nothing, which is the order without it.
                if (cas.expected() instanceof Expected.Value value) {
                    require(holds(cas.key(), value.value().toUtf8()));
                } else {
                    fix(cas.key(), ((Expected.Revision) cas.expected()).revision());
                }
                set(cas.key(), cas.value().toUtf8(), change);
            }
        }

        private void answer(Operation operation, Response response, int change) {
            if (response instanceof Response.Absent) {
                require(!rows.containsKey(((Operation.Get) operation).key()));
            } else if (response instanceof Response.Found found) {
                Bytes key = ((Operation.Get) operation).key();
                require(holds(key, found.value().toUtf8()));
                fix(key, found.revision());
            } else if (response instanceof Response.Written written) {
                effect(operation, change);
                fixChange(change, written.revision());
            } else if (response instanceof Response.Deleted deleted) {
                Bytes key = ((Operation.Delete) operation).key();
                require(rows.containsKey(key) == deleted.existed());
                effect(operation, change);
                if (deleted.existed()) {
                    fixChange(change, deleted.revision());
                }
            } else if (response instanceof Response.Compared compared) {
                compare((Operation.CompareAndSet) operation, compared, change);
            } else if (response instanceof Response.Rows all) {
                range((Operation.Range) operation, all);
            }
        }

        private void compare(Operation.CompareAndSet cas, Response.Compared compared, int change) {
            if (compared.succeeded()) {
                effect(cas, change);
                fixChange(change, compared.revision());
                return;
            }
            fix(cas.key(), compared.revision());
            if (cas.expected() instanceof Expected.Value value) {
                require(!holds(cas.key(), value.value().toUtf8()));
            } else {
                require(compared.revision() != ((Expected.Revision) cas.expected()).revision());
            }
        }

        private void range(Operation.Range range, Response.Rows answer) {
            List<Bytes> present = rows.keySet().stream().filter(range::contains).toList();
            List<Bytes> told = answer.rows().stream().map(Response.Row::key).toList();
            require(
                    answer.more()
                            ? present.size() > told.size()
                                    && present.subList(0, told.size()).equals(told)
                            : present.equals(told));
            for (Response.Row row : answer.rows()) {
                require(holds(row.key(), row.value().toUtf8()));
                fix(row.key(), row.revision());
            }
        }

        private boolean holds(Bytes key, String value) {
            Row row = rows.get(key);
            return row != null && row.value().equals(value);
        }

        private void set(Bytes key, String value, int change) {
            begin(change);
            rows.put(key, new Row(value, change));
        }

        private void begin(int change) {
            if (revisions.size() == change) {
                revisions.add(0L);
            }
        }

        private void fix(Bytes key, long revision) {
            Row row = rows.get(key);
            if (row != null && revision != 0) {
                fixChange(row.change(), revision);
            } else if (revision != Response.NOT_TOLD) {
                require(row == null && revision == 0);
            }
        }

        private void fixChange(int change, long revision) {
            if (revision != Response.NOT_TOLD && possible) {
                require(revisions.get(change) == 0 || revisions.get(change) == revision);
                revisions.set(change, revision);
            }
        }

        private void require(boolean condition) {
            possible &= condition;
        }
    }
}
