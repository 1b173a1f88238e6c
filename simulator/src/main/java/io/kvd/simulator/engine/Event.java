package io.kvd.simulator.engine;

/** Something that happens at one moment of virtual time. Is in a {@link Timeline} at most once. */
public abstract class Event implements Comparable<Event> {
    static final int NOWHERE = -1;

    private long atNanos;
    /** Events of one moment happen in the order in which they were planned. */
    private long number;
    /** Where it is in the {@link EventQueue}. */
    private int place = NOWHERE;

    /** Whether it no longer needs to happen: it is dropped without a trace. */
    protected boolean isStale() {
        return false;
    }

    /** Carries it out. */
    protected abstract void happen();

    /** Its kind in one constant word. */
    protected abstract String kind();

    /** What tells it from others of its kind: who, and how much. Cheap; part of the trace's hash. */
    protected abstract long fingerprint();

    /** Who and what, for people; asked only while somebody reads the trace. */
    protected abstract String describe();

    public final long atNanos() {
        return atNanos;
    }

    /** Whether it is still to happen. */
    public final boolean isPlanned() {
        return place != NOWHERE;
    }

    final int place() {
        return place;
    }

    final void moveTo(int newPlace) {
        place = newPlace;
    }

    final void plan(long at, long planNumber) {
        atNanos = at;
        number = planNumber;
    }

    @Override
    public final int compareTo(Event other) {
        int byTime = Long.compare(atNanos, other.atNanos);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
}
