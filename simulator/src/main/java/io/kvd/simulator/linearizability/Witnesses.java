package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who tells a revision of a key that no answered change has, tells that an unknown change has it, and so when: after
 * all changes with lower revisions, before all with higher ones. For each we add a read which sees the key just then.
 * In a linearization there is such a moment, so nothing is asked that did not hold; but where the change is missing, it
 * is missed at once, and not when whoever saw it comes.
 */
final class Witnesses {
    private final Values values;
    private final ToldRevisions told;
    private final TreeMap<Long, Piece> changes = new TreeMap<>();
    private final TreeMap<Moment, Sight> sights = new TreeMap<>();

    /** When a key had this revision. */
    private record Moment(long revision, int key) implements Comparable<Moment> {
        @Override
        public int compareTo(Moment other) {
            int byRevision = Long.compare(revision, other.revision);
            return byRevision != 0 ? byRevision : Integer.compare(key, other.key);
        }
    }

    /** Who saw it, and returned first; and the value, if anybody told. */
    private record Sight(Invocation first, int value, long returnNanos) {
        private Sight and(Sight other) {
            return new Sight(
                    returnNanos <= other.returnNanos ? first : other.first,
                    Math.max(value, other.value),
                    Math.min(returnNanos, other.returnNanos));
        }
    }

    private Witnesses(Values values, ToldRevisions told) {
        this.values = values;
        this.told = told;
    }

    static List<Piece> of(List<Piece> required, Values values, ToldRevisions told) {
        Witnesses witnesses = new Witnesses(values, told);
        required.forEach(witnesses::see);
        List<Piece> found = new ArrayList<>();
        witnesses.sights.forEach((moment, sight) -> found.add(witnesses.witness(moment, sight)));
        return found;
    }

    private void see(Piece piece) {
        if (piece.revision != Response.NOT_TOLD) {
            changes.put(piece.revision, piece);
        }
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            long revision = reads.revision(i);
            if (revision != Response.NOT_TOLD && !told.owned().contains(revision)) {
                sights.merge(
                        new Moment(revision, reads.key(i)),
                        new Sight(piece.invocation, reads.value(i), piece.returnNanos),
                        Sight::and);
            }
        }
    }

    private Piece witness(Moment moment, Sight sight) {
        Step step = sight.value() == Footprint.ANY
                ? new Step.ObserveRevision(moment.key(), moment.revision())
                : new Step.Observe(moment.key(), sight.value(), moment.revision());
        Footprint footprint = Footprint.reading(
                Footprint.Reads.of(moment.key(), sight.value(), moment.revision()), values);
        Map.Entry<Long, Piece> before = changes.floorEntry(moment.revision());
        long callNanos = before == null ? Long.MIN_VALUE : before.getValue().callNanos();
        return Piece.witness(
                sight.first(),
                new Compiler.Compiled(step, footprint),
                new Piece.Window(Math.min(callNanos, sight.returnNanos()), sight.returnNanos()),
                moment.revision());
    }
}
