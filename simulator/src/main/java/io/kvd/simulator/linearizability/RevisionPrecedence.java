package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Response;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What told revisions say about order: changes happen in the order of their revisions; who sees a revision comes after
 * all changes up to it, and before the next change of the key at which it was seen.
 */
final class RevisionPrecedence {
    private final TreeMap<Long, Piece> changes = new TreeMap<>();
    private final Map<Integer, TreeMap<Long, Piece>> changesOfKey = new HashMap<>();

    private RevisionPrecedence(List<Piece> required) {
        required.stream()
                .filter(piece -> piece.revision != Response.NOT_TOLD)
                .sorted(Comparator.comparingLong(piece -> piece.revision))
                .forEach(this::addChange);
    }

    /** Adds what must come before to the predecessors of each piece. */
    static void add(List<Piece> required) {
        RevisionPrecedence precedence = new RevisionPrecedence(required);
        required.forEach(precedence::addReads);
    }

    private void addChange(Piece piece) {
        Map.Entry<Long, Piece> last = changes.lastEntry();
        if (last != null) {
            piece.predecessors.add(last.getValue());
        }
        changes.put(piece.revision, piece);
        int[] keys = piece.isWitness() ? piece.footprint.reads().keys() : piece.footprint.writes();
        for (int key : keys) {
            changesOfKey.computeIfAbsent(key, k -> new TreeMap<>()).put(piece.revision, piece);
        }
    }

    private void addReads(Piece piece) {
        Footprint.Reads reads = piece.footprint.reads();
        long highest = Response.NOT_TOLD;
        for (int i = 0; i < reads.size(); i++) {
            long revision = reads.revision(i);
            // What a batch reads may be its own change.
            if (revision != Response.NOT_TOLD && revision != piece.revision) {
                highest = Math.max(highest, revision);
                TreeMap<Long, Piece> ofKey = changesOfKey.get(reads.key(i));
                Map.Entry<Long, Piece> next = ofKey == null ? null : ofKey.higherEntry(revision);
                if (next != null && next.getValue() != piece) {
                    next.getValue().predecessors.add(piece);
                }
            }
        }
        Map.Entry<Long, Piece> before = changes.floorEntry(highest);
        if (before != null && before.getValue() != piece) {
            piece.predecessors.add(before.getValue());
        }
    }
}
