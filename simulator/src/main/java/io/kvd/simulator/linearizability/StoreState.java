package io.kvd.simulator.linearizability;

import io.kvd.simulator.history.Response;

import java.util.Arrays;
import java.util.Set;

/**
 * The store at one moment of a linearization: what each key holds, and what that says about revisions. Immutable.
 *
 * <p>Changes are placed in the order of their revisions, and each takes a whole number of its own. A change whose
 * revision is not told has an open one: above those of the changes before it, below those of the changes behind it,
 * and none that is told of another change; a read that tells it closes it. So a change that nobody sees, a delete say,
 * needs a number that is left over.
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
    /** The lowest revision that the last change so far may have; 0 before the first. */
    private final long lowestRevision;
    /** Keys whose cell is open, ascending. */
    private final int[] open;

    private StoreState(
            ToldRevisions told, Cells cells, int position, long lowestRevision, int[] open) {
        this.told = told;
        this.cells = cells;
        this.position = position;
        this.lowestRevision = lowestRevision;
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
        return lowestRevision < 0;
    }

    /** Whether a step made no change, so that not even a copy was made. */
    @SuppressWarnings(
            "ReferenceEquality") // Only a read that tells nothing new gives back its argument.
    boolean isSameAs(StoreState before) {
        return this == before;
    }

    /** Whether a change whose revision is not told may come next: who has the next number was not placed yet. */
    boolean hasRoom() {
        return !told.owned().contains(lowestRevision + 1);
    }

    /** The state in which a change of this revision is about to be made with {@link #with}. */
    StoreState change(long revision) {
        if (!told.any()) {
            return this;
        }
        if (revision == Response.NOT_TOLD) {
            return hasRoom()
                    ? new StoreState(told, cells, position + 1, lowestRevision + 1, open)
                    : IMPOSSIBLE;
        }
        if (revision <= lowestRevision) {
            return IMPOSSIBLE;
        }
        Cells changed = cells;
        for (int key : open) {
            Cell cell = changed.get(key);
            // The changes in between take a number each.
            long high = Math.min(cell.highRevision(), revision - (position + 1 - cell.position()));
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
                        ? new Cell(value, position, lowestRevision, Long.MAX_VALUE)
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
                long low =
                        Math.max(was.lowRevision(), revision + (was.position() - cell.position()));
                now = new Cell(was.value(), was.position(), low, was.highRevision());
            } else {
                long high =
                        Math.min(was.highRevision(), revision - (cell.position() - was.position()));
                now = new Cell(was.value(), was.position(), was.lowRevision(), high);
            }
            bound = bound.with(other, now);
            stillOpen = now.isOpen() ? with(stillOpen, other) : stillOpen;
        }
        long lowest = Math.max(lowestRevision, revision + (position - cell.position()));
        return new StoreState(told, bound, position, lowest, stillOpen);
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
                lowestRevision,
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

    /** The position counts only together with those of open changes: how far they are apart. */
    @Override
    public boolean equals(Object other) {
        return other instanceof StoreState that
                && lowestRevision == that.lowestRevision
                && (open.length == 0 || position == that.position)
                && cells.equals(that.cells);
    }

    @Override
    public int hashCode() {
        return 31 * cells.hashCode() + Long.hashCode(lowestRevision);
    }
}
