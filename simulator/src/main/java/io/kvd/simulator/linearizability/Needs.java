package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Response;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * Who needs an unknown change, in a history that tells revisions. Such a change takes a number, so it can't be put off
 * until somebody misses it: the numbers that were left over may be gone by then. But it is of use only to an operation
 * that looks at its key before the next change of the key; else it can be left out.
 *
 * <p>Nothing is said of unknown changes of several keys and of keys that are appended to: they are always of use.
 */
final class Needs {
    private final Problem problem;
    /** By key. */
    private final List<OfKey> keys = new ArrayList<>();

    /** What an operation must find at a key. */
    private record Need(Piece piece, int value, boolean presence, long revision) {
        private boolean isMetBy(Values values, int written) {
            if (value == Footprint.ANY) {
                return !presence || !values.isAbsent(written);
            }
            return value == written;
        }
    }

    /** Needs and required changes of one key. What was called before all that are not placed is placed. */
    private static final class OfKey {
        /** Of required operations, by call. */
        private final List<Need> needs = new ArrayList<>();
        /** Of unknown ones. */
        private final List<Need> unknownNeeds = new ArrayList<>();
        /** By return. */
        private final List<Piece> writers = new ArrayList<>();

        private List<Need> needsFrom(long callNanos) {
            return from(needs, need -> need.piece().callNanos(), callNanos);
        }

        private List<Piece> writersFrom(long callNanos) {
            return from(writers, writer -> writer.returnNanos, callNanos);
        }

        /** The rest of a list that ascends by what is measured, from the first that measures so much. */
        private static <T> List<T> from(List<T> all, ToLongFunction<T> measure, long least) {
            int low = 0;
            int high = all.size();
            while (low < high) {
                int middle = (low + high) >>> 1;
                boolean before = measure.applyAsLong(all.get(middle)) < least;
                low = before ? middle + 1 : low;
                high = before ? high : middle;
            }
            return all.subList(low, all.size());
        }
    }

    /**
     * Where the search is.
     *
     * @param callNanos of the first required operation that is not placed
     */
    record Place(StoreState state, long callNanos) {}

    Needs(Problem problem) {
        this.problem = problem;
        for (int key = 0; key < problem.keys().size(); key++) {
            keys.add(new OfKey());
        }
        problem.required().forEach(this::add);
        problem.optional().forEach(pieces -> pieces.forEach(this::addNeeds));
        for (OfKey key : keys) {
            key.needs.sort(Comparator.comparingLong(need -> need.piece().callNanos()));
            key.writers.sort(Comparator.comparingLong(piece -> piece.returnNanos));
        }
    }

    private void add(Piece piece) {
        addNeeds(piece);
        for (int key : piece.footprint.writes()) {
            keys.get(key).writers.add(piece);
        }
    }

    private void addNeeds(Piece piece) {
        Footprint.Reads reads = piece.footprint.reads();
        for (int i = 0; i < reads.size(); i++) {
            long revision = reads.revision(i);
            if (revision == Response.NOT_TOLD || !problem.told().owned().contains(revision)) {
                boolean deletes = piece.step instanceof Step.Change;
                OfKey key = keys.get(reads.key(i));
                (piece.isRequired() ? key.needs : key.unknownNeeds)
                        .add(new Need(piece, reads.value(i), deletes, revision));
            }
        }
    }

    /** Whether somebody may need the unknown change if it comes next. */
    boolean areMetBy(Piece unknown, Place place) {
        if (isBeyondUs(unknown)) {
            return true;
        }
        OfKey key = keys.get(unknown.footprint.writes()[0]);
        return key.unknownNeeds.stream().anyMatch(need -> isOfUse(unknown, need, place))
                || reachable(key, place).stream().anyMatch(need -> isOfUse(unknown, need, place));
    }

    /**
     * When the first returns who needs the unknown change, and can't get it from an answered one; none if there is
     * nobody.
     */
    OptionalLong deadline(Piece unknown, Place place) {
        if (isBeyondUs(unknown)) {
            return OptionalLong.empty();
        }
        OfKey key = keys.get(unknown.footprint.writes()[0]);
        return reachable(key, place).stream()
                .filter(need -> isOfUse(unknown, need, place))
                .filter(need -> !isMetByAnswered(need, key, place))
                .mapToLong(need -> need.piece().returnNanos)
                .min();
    }

    /** Needs of those that may come before the next answered change of the key. */
    private static List<Need> reachable(OfKey key, Place place) {
        long last = Long.MAX_VALUE;
        for (Piece writer : key.writersFrom(place.callNanos())) {
            if (!writer.placed) {
                last = writer.returnNanos;
                break;
            }
        }
        List<Need> reachable = new ArrayList<>();
        for (Need need : key.needsFrom(place.callNanos())) {
            if (need.piece().callNanos() > last) {
                break;
            }
            reachable.add(need);
        }
        return reachable;
    }

    private boolean isOfUse(Piece unknown, Need need, Place place) {
        return !need.piece().placed
                && need.piece() != unknown
                && isMetBy(need, unknown)
                && !isMet(need, place.state().cell(unknown.footprint.writes()[0]));
    }

    private boolean isBeyondUs(Piece unknown) {
        int[] written = unknown.footprint.writes();
        return written.length > 1 || problem.appended().get(written[0]);
    }

    /** A revision that is told may be that of this change only. */
    private boolean isMet(Need need, Cell cell) {
        boolean anything = need.value() == Footprint.ANY && !need.presence();
        return !anything
                && need.revision() == Response.NOT_TOLD
                && need.isMetBy(problem.values(), cell.value());
    }

    private boolean isMetByAnswered(Need need, OfKey key, Place place) {
        for (Piece writer : key.writersFrom(place.callNanos())) {
            if (!writer.placed
                    && writer != need.piece()
                    && writer.callNanos() <= need.piece().returnNanos
                    && isMetBy(need, writer)) {
                return true;
            }
        }
        return false;
    }

    private boolean isMetBy(Need need, Piece writer) {
        for (int value : writer.footprint.writtenValues()) {
            if (need.isMetBy(problem.values(), value)) {
                return true;
            }
        }
        return false;
    }
}
