package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Response;

/**
 * What the operations that may come next lack in a state, so that only such unknown changes are tried as may give it to
 * them.
 */
final class Demand {
    private final Problem problem;
    /** Marks what is asked for now: cleared by counting up. */
    private int now;

    private final int[] keys;
    /** Keys of which something is asked that is not a certain value. */
    private final int[] anyOf;

    private final int[] values;

    Demand(Problem problem) {
        this.problem = problem;
        this.keys = new int[problem.keys().size()];
        this.anyOf = new int[problem.keys().size()];
        this.values = new int[problem.values().size()];
    }

    void clear() {
        now++;
    }

    /** An operation may come next, and fits in the state or not. */
    void add(Piece piece, StoreState state, boolean fits) {
        for (int key : piece.footprint.appends()) {
            keys[key] = now;
            anyOf[key] = now;
        }
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            int key = reads.key(i);
            int value = reads.value(i);
            if (isOwned(reads.revision(i))) {
                // Only the change that has this revision can give it.
                continue;
            }
            if (value == Footprint.ANY) {
                // A revision that is told without a value may be that of any open change.
                if (!fits || state.cell(key).isOpen()) {
                    keys[key] = now;
                    anyOf[key] = now;
                }
            } else if (!fits && lacks(state.cell(key), value, reads.revision(i))) {
                keys[key] = now;
                values[value] = now;
            }
        }
    }

    /** Whether the unknown change may give somebody what it lacks, or lead to another that does. */
    boolean asksFor(Piece unknown) {
        int[] written = unknown.footprint.writes();
        if (written.length > 1) {
            // Overwritten on one key, it may be what shows on another later.
            return true;
        }
        int key = written[0];
        if (keys[key] != now) {
            return false;
        }
        if (anyOf[key] == now || problem.chained().get(key)) {
            return true;
        }
        for (int value : unknown.footprint.writtenValues()) {
            if (values[value] == now) {
                return true;
            }
        }
        return false;
    }

    private boolean isOwned(long revision) {
        return revision != Response.NOT_TOLD && problem.told().owned().contains(revision);
    }

    private static boolean lacks(Cell cell, int value, long revision) {
        return cell.value() != value || (revision != Response.NOT_TOLD && !cell.admits(revision));
    }
}
