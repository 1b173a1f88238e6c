package io.kvd.core.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pending timers, a binary heap whose members know their place: setting, moving and cancelling one among many
 * thousand calls costs a few steps, and most calls (same timeout, answered in order) cost one. Times are compared by
 * difference, since the driver's clock may wrap around.
 */
final class Timers {
    private final List<Timer> heap = new ArrayList<>();

    /** Wakes the timer at this time, instead of the one it was set to before, if any. */
    void set(Timer timer, long wakeNanos) {
        timer.wakeNanos = wakeNanos;
        if (timer.heapIndex < 0) {
            timer.heapIndex = heap.size();
            heap.add(timer);
        }
        siftUp(timer);
        siftDown(timer);
    }

    void cancel(Timer timer) {
        int hole = timer.heapIndex;
        if (hole < 0) {
            return;
        }
        timer.heapIndex = -1;
        Timer last = heap.remove(heap.size() - 1);
        if (last != timer) {
            place(last, hole);
            siftUp(last);
            siftDown(last);
        }
    }

    /** Removes and returns one that is due; the earliest first. */
    Optional<Timer> pollDue(long nowNanos) {
        if (heap.isEmpty() || heap.get(0).wakeNanos - nowNanos > 0) {
            return Optional.empty();
        }
        Timer due = heap.get(0);
        cancel(due);
        return Optional.of(due);
    }

    /** Nanoseconds from now to the earliest, 0 if it is due; {@code Long.MAX_VALUE} if none is set. */
    long nanosUntilNext(long nowNanos) {
        return heap.isEmpty() ? Long.MAX_VALUE : Math.max(0, heap.get(0).wakeNanos - nowNanos);
    }

    /** A copy, in no particular order but the same for the same history. */
    List<Timer> all() {
        return List.copyOf(heap);
    }

    private void siftUp(Timer timer) {
        while (timer.heapIndex > 0) {
            Timer parent = heap.get((timer.heapIndex - 1) / 2);
            if (parent.wakeNanos - timer.wakeNanos <= 0) {
                return;
            }
            swap(timer, parent);
        }
    }

    private void siftDown(Timer timer) {
        for (int child = 2 * timer.heapIndex + 1;
                child < heap.size();
                child = 2 * timer.heapIndex + 1) {
            Timer earlier = heap.get(child);
            if (child + 1 < heap.size() && heap.get(child + 1).wakeNanos - earlier.wakeNanos < 0) {
                earlier = heap.get(child + 1);
            }
            if (timer.wakeNanos - earlier.wakeNanos <= 0) {
                return;
            }
            swap(timer, earlier);
        }
    }

    private void swap(Timer one, Timer other) {
        int index = one.heapIndex;
        place(one, other.heapIndex);
        place(other, index);
    }

    private void place(Timer timer, int index) {
        heap.set(index, timer);
        timer.heapIndex = index;
    }
}
