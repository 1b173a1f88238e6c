package io.kvd.simulator.linearizability;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Calls and returns of the operations that must be placed and are not, in order of time: a doubly linked list, from
 * which a placed one is taken and to which it is given back (Wing and Gong 1993; Lowe 2017). What may come next was
 * called before the first return. A call and a return at the same time count as overlapping.
 */
final class Timeline {
    static final int END = 0;

    private final Event[] events;
    private final int[] next;
    private final int[] previous;
    private final int[] calls;
    private final int[] returns;

    private record Event(Piece piece, long nanos, boolean isReturn) {}

    /** @param pieces by index */
    Timeline(List<Piece> pieces) {
        Event[] sorted = new Event[2 * pieces.size()];
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            sorted[2 * i] = new Event(piece, piece.callNanos(), false);
            sorted[2 * i + 1] = new Event(piece, piece.returnNanos, true);
        }
        Arrays.sort(sorted, Comparator.comparingLong(Event::nanos).thenComparing(Event::isReturn));
        this.events = sorted;
        this.next = new int[sorted.length + 1];
        this.previous = new int[sorted.length + 1];
        this.calls = new int[pieces.size()];
        this.returns = new int[pieces.size()];
        for (int at = 1; at <= sorted.length; at++) {
            Event event = sorted[at - 1];
            (event.isReturn() ? returns : calls)[event.piece().index] = at;
            previous[at] = at - 1;
            next[at - 1] = at;
        }
        next[sorted.length] = END;
        previous[END] = sorted.length;
    }

    boolean isEmpty() {
        return next[END] == END;
    }

    /** The first event; {@link #END} if there is none. */
    int first() {
        return next[END];
    }

    int next(int event) {
        return next[event];
    }

    boolean isReturn(int event) {
        return events[event - 1].isReturn();
    }

    Piece piece(int event) {
        return events[event - 1].piece();
    }

    void take(Piece piece) {
        unlink(calls[piece.index]);
        unlink(returns[piece.index]);
    }

    /** Takes back the last {@link #take}. */
    void giveBack(Piece piece) {
        link(returns[piece.index]);
        link(calls[piece.index]);
    }

    private void unlink(int event) {
        next[previous[event]] = next[event];
        previous[next[event]] = previous[event];
    }

    private void link(int event) {
        next[previous[event]] = event;
        previous[next[event]] = event;
    }
}
