package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Response;

import java.util.Arrays;
import java.util.Set;

/**
 * The store at one moment of a linearization: what each key holds, and what that says about revisions. Immutable.
 *
 * <p>Changes are placed in the order of their revisions, so a revision that is told must be above all that are known.
 * A change with an unknown outcome has an open revision: somewhere above those known when it was placed, below those
 * told of later changes; a read that tells it closes it. Whether there are enough whole numbers for those that are
 * never told is not asked: then the place of a change that nobody sees makes no difference.
 */
final class StoreState {
    /** The answer of a step that can't happen here. */
    static final StoreState IMPOSSIBLE = new StoreState(
            new ToldRevisions(false, Set.of()),
            Cells.of(new Cell[] {Cell.known(0, 0)}),
            0,
            -1,
            new int[0]);

    private static final int[] NONE = {};

    private final ToldRevisions told;

    private final Cells cells;
    /** Changes so far, while revisions are tracked. */
    private final int position;
    /** The highest revision that a change so far is known to have. */
    private final long lastRevision;
    /** Keys whose cell is open, ascending. */
    private final int[] open;

    private StoreState(
            ToldRevisions told, Cells cells, int position, long lastRevision, int[] open) {
        this.told = told;
        this.cells = cells;
        this.position = position;
        this.lastRevision = lastRevision;
        this.open = open;
    }

    /** A store without rows. */
    static StoreState empty(int keys, ToldRevisions told) {
        Cell[] cells = new Cell[keys];
        for (int key = 0; key < keys; key++) {
            cells[key] = Cell.known(Values.absent(key), 0);
        }
        return new StoreState(told, Cells.of(cells), 0, 0, NONE);
    }

    Cell cell(int key) {
        return cells.get(key);
    }

    int value(int key) {
        return cells.get(key).value();
    }

    boolean isImpossible() {
        return lastRevision < 0;
    }

    /** Whether a step made no change, so that not even a copy was made. */
    @SuppressWarnings(
            "ReferenceEquality") // Only a read that tells nothing new gives back its argument.
    boolean isSameAs(StoreState before) {
        return this == before;
    }

    /** The state in which a change of this revision is about to be made with {@link #with}. */
    StoreState change(long revision) {
        if (!told.any()) {
            return this;
        }
        if (revision == Response.NOT_TOLD) {
            return new StoreState(told, cells, position + 1, lastRevision, open);
        }
        if (revision <= lastRevision) {
            return IMPOSSIBLE;
        }
        Cells changed = cells;
        for (int key : open) {
            Cell cell = changed.get(key);
            long high = Math.min(cell.highRevision(), revision - 1);
            changed = changed.with(
                    key, new Cell(cell.value(), cell.position(), cell.lowRevision(), high));
        }
        return new StoreState(told, changed, position + 1, revision, open);
    }

    /** What the change that was begun last, of this revision, does to one key. */
    StoreState with(int key, int value, long revision) {
        if (!told.any()) {
            return replaced(key, Cell.known(value, 1));
        }
        return replaced(
                key,
                revision == Response.NOT_TOLD
                        ? new Cell(value, position, lastRevision + 1, Long.MAX_VALUE)
                        : Cell.known(value, revision));
    }

    /** What the change that was begun last does if it deletes the key. */
    StoreState without(int key) {
        return replaced(key, Cell.known(Values.absent(key), 0));
    }

    /** The same, but that nobody will ask what the key holds. */
    StoreState unread(int key, int unread) {
        Cell cell = cells.get(key);
        return replaced(
                key, new Cell(unread, cell.position(), cell.lowRevision(), cell.highRevision()));
    }

    /** The state if the key's mod revision is the given one, 0 for an absent key. */
    StoreState bound(int key, long revision) {
        Cell cell = cells.get(key);
        // An open change is not one of those whose revision is known.
        if (!cell.admits(revision) || (cell.isOpen() && told.owned().contains(revision))) {
            return IMPOSSIBLE;
        }
        if (!cell.isOpen()) {
            return this;
        }
        Cells bound = cells;
        int[] stillOpen = NONE;
        for (int other : open) {
            Cell was = cells.get(other);
            Cell now = was;
            if (was.position() == cell.position()) {
                now = Cell.known(was.value(), revision);
            } else if (was.position() > cell.position()) {
                long low = Math.max(was.lowRevision(), revision + 1);
                now = new Cell(was.value(), was.position(), low, was.highRevision());
            } else {
                long high = Math.min(was.highRevision(), revision - 1);
                now = new Cell(was.value(), was.position(), was.lowRevision(), high);
            }
            bound = bound.with(other, now);
            stillOpen = now.isOpen() ? with(stillOpen, other) : stillOpen;
        }
        return new StoreState(told, bound, position, Math.max(lastRevision, revision), stillOpen);
    }

    /** About what it costs to remember this state beside the one that it was made from. */
    long bytes() {
        return 64 + cells.changedBytes();
    }

    private StoreState replaced(int key, Cell cell) {
        int[] nowOpen = without(open, key);
        return new StoreState(
                told,
                cells.with(key, cell),
                position,
                lastRevision,
                cell.isOpen() ? with(nowOpen, key) : nowOpen);
    }

    private static int[] with(int[] keys, int key) {
        int[] more = Arrays.copyOf(keys, keys.length + 1);
        more[keys.length] = key;
        Arrays.sort(more);
        return more;
    }

    private static int[] without(int[] keys, int key) {
        int at = Arrays.binarySearch(keys, key);
        if (at < 0) {
            return keys;
        }
        int[] fewer = Arrays.copyOf(keys, keys.length - 1);
        System.arraycopy(keys, at + 1, fewer, at, keys.length - at - 1);
        return fewer;
    }

    /** The position is left out: it says nothing about what may come, since all later changes are above it. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StoreState that
                && lastRevision == that.lastRevision
                && cells.equals(that.cells);
    }

    @Override
    public int hashCode() {
        return 31 * cells.hashCode() + Long.hashCode(lastRevision);
    }
}
