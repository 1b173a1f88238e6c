package io.kvd.simulator.scenario;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Virtual time: what is to happen, in order of its moment, and of its planning where moments are equal. */
final class EventQueue {
    private record Due(long atNanos, long sequence, Runnable body) {}

    private final PriorityQueue<Due> queue = new PriorityQueue<>(
            Comparator.comparingLong(Due::atNanos).thenComparingLong(Due::sequence));

    private long nowNanos;
    private long sequence;

    long nowNanos() {
        return nowNanos;
    }

    void at(long atNanos, Runnable body) {
        queue.add(new Due(Math.max(atNanos, nowNanos), sequence++, body));
    }

    void runUntil(long endNanos) {
        for (Due next = queue.peek();
                next != null && next.atNanos() <= endNanos;
                next = queue.peek()) {
            queue.remove();
            nowNanos = next.atNanos();
            next.body().run();
        }
        nowNanos = endNanos;
    }
}
