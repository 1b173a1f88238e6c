package io.kvd.simulator.scenario;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Who is told up to which entry clients were answered. Every message between replicas says so; those that hold the
 * newest entry, one of which will be the next leader, are told in a message of its own if nothing else is to be said
 * for a while: what it does not know to be answered a new leader answers again.
 */
final class AnswerNotices {
    private static final long PATIENCE_NANOS = 15_000_000;

    /** The highest entry that each was sent, by its id. */
    private final TreeMap<String, Long> sentIndexes = new TreeMap<>();
    /** What each was told last. */
    private final TreeMap<String, Long> toldIndexes = new TreeMap<>();

    private long answeredIndex;
    private long dueNanos = Long.MAX_VALUE;

    /** A message goes to the replica, with this said in it. */
    void told(String id, long answered) {
        toldIndexes.merge(id, answered, Math::max);
    }

    /** The entry goes to the replica. */
    void sentEntry(String id, long index) {
        sentIndexes.merge(id, index, Math::max);
    }

    /** Gives those that are to be told now. */
    void run(long answered, long nowNanos, Consumer<String> notify) {
        if (answered > answeredIndex) {
            answeredIndex = answered;
            dueNanos = nowNanos + PATIENCE_NANOS;
        }
        if (nowNanos >= dueNanos) {
            dueNanos = Long.MAX_VALUE;
            for (Map.Entry<String, Long> sent : sentIndexes.entrySet()) {
                boolean holdsIt = sent.getValue() >= answered;
                if (holdsIt && toldIndexes.getOrDefault(sent.getKey(), 0L) < answered) {
                    notify.accept(sent.getKey());
                }
            }
        }
    }

    /** When {@link #run} is to be called at the latest. */
    long nextWakeNanos() {
        return dueNanos;
    }
}
