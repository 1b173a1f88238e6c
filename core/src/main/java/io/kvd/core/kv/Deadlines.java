package io.kvd.core.kv;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which sessions may be due, without looking at all of them and without work on each write: a session is filed under
 * a log time at or before its deadline, and filed anew under its real deadline only when that time has come. Apply
 * thread.
 */
final class Deadlines {
    private final TreeSet<Filed> filed = new TreeSet<>();
    /** Where a session is filed, by its id. */
    private final TreeMap<Long, Filed> places = new TreeMap<>();

    void add(Session session) {
        Filed place = new Filed(session.deadlineMs(), session.id());
        filed.add(place);
        places.put(session.id(), place);
    }

    void remove(Session session) {
        Filed place = places.remove(session.id());
        Check.that(place != null && filed.remove(place), "session %d was not filed", session.id());
    }

    /** Up to {@code max} sessions with a deadline at or before {@code logTimeMs}, the longest filed first. */
    List<Session> due(long logTimeMs, int max, Sessions sessions) {
        List<Session> due = new ArrayList<>();
        List<Session> alive = new ArrayList<>();
        for (Filed next : filed) {
            if (next.ms > logTimeMs || due.size() == max) {
                break;
            }
            Session session = sessions.require(next.sessionId);
            if (session.deadlineMs() <= logTimeMs) {
                due.add(session);
            } else {
                alive.add(session);
            }
        }
        for (Session session : alive) {
            remove(session);
            add(session);
        }
        return due;
    }

    private record Filed(long ms, long sessionId) implements Comparable<Filed> {
        @Override
        public int compareTo(Filed other) {
            int byTime = Long.compare(ms, other.ms);
            return byTime != 0 ? byTime : Long.compare(sessionId, other.sessionId);
        }
    }
}
