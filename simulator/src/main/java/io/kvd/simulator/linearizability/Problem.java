package io.kvd.simulator.linearizability;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.HistoryText;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * One partition, ready to be searched.
 *
 * @param required operations that must be placed, and {@link Witnesses}, by call
 * @param optional operations that may be placed; those of one class, by call, are interchangeable
 * @param told revisions that the answers tell
 * @param appended keys with appends, whose values can't be known beforehand
 * @param plain keys that are only put and read
 * @param chained keys on which what an optional operation leaves may depend on what it finds
 * @param triesAlways whether an optional operation may have to be placed long before anything shows it
 */
record Problem(
        List<Bytes> keys,
        Values values,
        List<Piece> required,
        List<List<Piece>> optional,
        ToldRevisions told,
        BitSet appended,
        BitSet plain,
        BitSet chained,
        boolean triesAlways) {
    private static final int MAX_DESCRIBED = 5;

    /** What the keys hold in a state that an operation looks at. */
    String describe(StoreState state, Footprint footprint) {
        return IntStream.range(0, footprint.reads().size())
                .limit(MAX_DESCRIBED)
                .mapToObj(i -> describe(state.cell(footprint.reads().key(i))))
                .collect(Collectors.joining("; "));
    }

    private String describe(Cell cell) {
        int value = cell.value();
        String key = HistoryText.of(keys.get(values.key(value)));
        if (values.isAbsent(value)) {
            return key + " is absent then";
        }
        String revision = cell.isOpen() || !told.any() ? "" : " rev " + cell.lowRevision();
        return values.isUnread(value)
                ? key + " holds another value then" + revision
                : key + " holds " + HistoryText.of(values.bytes(value)) + " then" + revision;
    }
}
