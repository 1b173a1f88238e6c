package io.kvd.simulator.history;

import io.kvd.core.base.Bytes;

import java.util.List;
import java.util.stream.IntStream;

/** What a served operation was answered. A revision may be {@link #NOT_TOLD}: then nothing is concluded from it. */
public sealed interface Response {
    /** In the place of a revision that the answer did not tell, or that the history does not hold. */
    long NOT_TOLD = -1;

    /** The key was absent. */
    record Absent() implements Response {}

    /** @param revision the key's mod revision */
    record Found(Bytes value, long revision) implements Response {}

    /** @param revision of this change */
    record Written(long revision) implements Response {}

    /** @param revision of this change; means nothing if the key did not exist */
    record Deleted(boolean existed, long revision) implements Response {}

    /**
     * Of a compare-and-set.
     *
     * @param revision after a success, of this change; else the key's mod revision, 0 if it was absent
     */
    record Compared(boolean succeeded, long revision) implements Response {}

    /**
     * The first rows of a range, ascending.
     *
     * @param more whether keys of the range follow that the answer does not hold
     */
    record Rows(List<Row> rows, boolean more) implements Response {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /** @param revision the key's mod revision */
    record Row(Bytes key, Bytes value, long revision) {}

    /** @param parts one for each part of the batch, in order */
    record Batched(List<Response> parts) implements Response {
        public Batched {
            parts = List.copyOf(parts);
        }

        private boolean answersParts(Operation.Batch batch) {
            return parts.size() == batch.parts().size()
                    && IntStream.range(0, parts.size())
                            .allMatch(i -> parts.get(i).answers(batch.parts().get(i)));
        }
    }

    /** Whether this is an answer to such an operation. */
    default boolean answers(Operation operation) {
        if (operation instanceof Operation.Get) {
            return this instanceof Found || this instanceof Absent;
        }
        if (operation instanceof Operation.Put || operation instanceof Operation.Append) {
            return this instanceof Written;
        }
        if (operation instanceof Operation.Delete) {
            return this instanceof Deleted;
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            // Without the current revision it would be open which one did not match.
            return this instanceof Compared compared
                    && (compared.succeeded()
                            || cas.expected() instanceof Operation.Expected.Value
                            || compared.revision() != NOT_TOLD);
        }
        if (operation instanceof Operation.Range) {
            return this instanceof Rows;
        }
        if (operation instanceof Operation.Batch batch) {
            return this instanceof Batched batched && batched.answersParts(batch);
        }
        throw new AssertionError("unhandled " + operation);
    }
}
