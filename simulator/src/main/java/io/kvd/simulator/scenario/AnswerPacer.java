package io.kvd.simulator.scenario;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Keeps answers about one key to one client apart, so that they arrive in their order even where datagrams overtake
 * each other: a client takes the value of the put that it saw acknowledged last for the newest. Others go at once.
 */
final class AnswerPacer {
    /** More than one datagram is late behind another. */
    private static final long GAP_NANOS = 2_000_000;

    private final Consumer<Datagram> network;
    /** When the last answer went, or will go, by client and key. */
    private final TreeMap<String, Long> lastNanos = new TreeMap<>();
    /** In the order of their time. */
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    private long nowNanos;

    private record Waiting(long dueNanos, Datagram answer) {}

    AnswerPacer(Consumer<Datagram> network) {
        this.network = network;
    }

    /** Sends what is due by now. */
    void run(long now) {
        nowNanos = now;
        if (waiting.isEmpty() && lastNanos.isEmpty()) {
            return;
        }
        Iterator<Waiting> next = waiting.iterator();
        while (next.hasNext()) {
            Waiting answer = next.next();
            if (answer.dueNanos() <= now) {
                network.accept(answer.answer());
                next.remove();
            }
        }
        lastNanos.values().removeIf(last -> now - last >= GAP_NANOS);
    }

    void send(String key, Datagram answer) {
        String name = answer.dst() + key;
        long due = Math.max(nowNanos, lastNanos.getOrDefault(name, Long.MIN_VALUE / 2) + GAP_NANOS);
        lastNanos.put(name, due);
        if (due > nowNanos) {
            waiting.add(new Waiting(due, answer));
        } else {
            network.accept(answer);
        }
    }

    /** When {@link #run} is to be called at the latest. */
    long nextWakeNanos() {
        long next = Long.MAX_VALUE;
        for (Waiting answer : waiting) {
            next = Math.min(next, answer.dueNanos());
        }
        return next;
    }
}
