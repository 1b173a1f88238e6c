package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Response;

import java.util.List;

/** What an operation with its answer does to the store; {@link StoreState#IMPOSSIBLE} where it can't be answered so. */
sealed interface Step {

    StoreState apply(StoreState state);

    /** The key holds this value, or is absent; and has this mod revision unless it was not told. */
    record Observe(int key, int value, long revision) implements Step {
        @Override
        public StoreState apply(StoreState state) {
            if (state.value(key) != value) {
                return StoreState.IMPOSSIBLE;
            }
            return revision == Response.NOT_TOLD ? state : state.bound(key, revision);
        }
    }

    /** The key has this mod revision, 0 if it must be absent. */
    record ObserveRevision(int key, long revision) implements Step {
        @Override
        public StoreState apply(StoreState state) {
            return state.bound(key, revision);
        }
    }

    /** The key does not hold this value. */
    record ObserveOther(int key, int value) implements Step {
        @Override
        public StoreState apply(StoreState state) {
            return state.value(key) == value ? StoreState.IMPOSSIBLE : state;
        }
    }

    /** The keys from {@code from} on hold these values or are absent, and have these mod revisions. */
    final class Scan implements Step {
        private final int from;
        private final int[] values;
        private final long[] revisions;

        Scan(int from, int[] values, long[] revisions) {
            this.from = from;
            this.values = values;
            this.revisions = revisions;
        }

        @Override
        public StoreState apply(StoreState state) {
            for (int i = 0; i < values.length; i++) {
                if (state.value(from + i) != values[i]) {
                    return StoreState.IMPOSSIBLE;
                }
            }
            StoreState bound = state;
            for (int i = 0; i < values.length; i++) {
                if (revisions[i] != Response.NOT_TOLD && !bound.isImpossible()) {
                    bound = bound.bound(from + i, revisions[i]);
                }
            }
            return bound;
        }
    }

    /** Some key of the range is there. */
    record ObserveAny(int from, int to) implements Step {
        @Override
        public StoreState apply(StoreState state) {
            for (int key = from; key < to; key++) {
                if (state.value(key) != Values.absent(key)) {
                    return state;
                }
            }
            return StoreState.IMPOSSIBLE;
        }
    }

    /** Never: the answer contradicts the question. */
    record Contradiction() implements Step {
        @Override
        public StoreState apply(StoreState state) {
            return StoreState.IMPOSSIBLE;
        }
    }

    /** One after the other; at most one of them is a {@link Change}. */
    record Sequence(List<Step> steps) implements Step {
        @Override
        public StoreState apply(StoreState state) {
            StoreState after = state;
            for (Step step : steps) {
                if (after.isImpossible()) {
                    return after;
                }
                after = step.apply(after);
            }
            return after;
        }
    }

    /** One change of this revision, and what is read meanwhile. Impossible if it would change nothing. */
    record Change(List<Part> parts, long revision) implements Step {
        @Override
        public StoreState apply(StoreState state) {
            boolean changes = false;
            for (Part part : parts) {
                changes |= part.changes(state);
            }
            StoreState after = changes ? state.change(revision) : StoreState.IMPOSSIBLE;
            for (Part part : parts) {
                if (after.isImpossible()) {
                    return after;
                }
                after = part.apply(after, revision);
            }
            return after;
        }
    }

    /** A part of a change. */
    sealed interface Part {
        /** Whether it would change something, if no part before it did. */
        boolean changes(StoreState state);

        StoreState apply(StoreState state, long revision);
    }

    record Put(int key, int value) implements Part {
        @Override
        public boolean changes(StoreState state) {
            return true;
        }

        @Override
        public StoreState apply(StoreState state, long revision) {
            return state.with(key, value, revision);
        }
    }

    record Append(int key, Bytes suffix, Values values) implements Part {
        @Override
        public boolean changes(StoreState state) {
            return true;
        }

        @Override
        public StoreState apply(StoreState state, long revision) {
            return state.with(key, values.append(state.value(key), key, suffix), revision);
        }
    }

    /** Deletes the key if it is there. */
    record Delete(int key) implements Part {
        @Override
        public boolean changes(StoreState state) {
            return state.value(key) != Values.absent(key);
        }

        @Override
        public StoreState apply(StoreState state, long revision) {
            return state.value(key) == Values.absent(key) ? state : state.without(key);
        }
    }

    /** Deletes the key, which is there. */
    record DeletePresent(int key) implements Part {
        @Override
        public boolean changes(StoreState state) {
            return true;
        }

        @Override
        public StoreState apply(StoreState state, long revision) {
            return state.value(key) == Values.absent(key)
                    ? StoreState.IMPOSSIBLE
                    : state.without(key);
        }
    }

    record Read(Step step) implements Part {
        @Override
        public boolean changes(StoreState state) {
            return false;
        }

        @Override
        public StoreState apply(StoreState state, long revision) {
            return step.apply(state);
        }
    }
}
