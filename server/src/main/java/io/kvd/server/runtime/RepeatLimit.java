package io.kvd.server.runtime;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Lets one of many equal log lines through per minute and counts the others. Owned by one thread. */
final class RepeatLimit {
    static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Subjects come from the network; the oldest is forgotten. */
    static final int MAX_SUBJECTS = 256;

    private final LinkedHashMap<Object, Seen> bySubject = new LinkedHashMap<>();

    private record Seen(long loggedNanos, long suppressed) {}

    /** How many were kept back since the last one that was let through; empty if this one is kept back, too. */
    OptionalLong admit(Object subject, long nowNanos) {
        Seen seen = bySubject.getOrDefault(subject, new Seen(nowNanos - QUIET_NANOS, 0));
        if (nowNanos - seen.loggedNanos() < QUIET_NANOS) {
            bySubject.put(subject, new Seen(seen.loggedNanos(), seen.suppressed() + 1));
            return OptionalLong.empty();
        }
        bySubject.remove(subject);
        bySubject.put(subject, new Seen(nowNanos, 0));
        if (bySubject.size() > MAX_SUBJECTS) {
            Iterator<Object> oldest = bySubject.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return OptionalLong.of(seen.suppressed());
    }
}
