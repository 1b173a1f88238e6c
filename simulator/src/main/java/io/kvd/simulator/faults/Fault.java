package io.kvd.simulator.faults;

import io.kvd.core.base.Check;

import java.util.Locale;

/**
 * One fault of a schedule: all that is needed to do it again.
 *
 * @param atNanos when, in virtual time
 * @param lastsNanos how long, or how long until what it ended is started again
 * @param target a node's id, or {@link #THE_LEADER}: whoever leads at that moment, else node 1. Of a fault that
 *     concerns clients, the client's number
 * @param rate what it means depends on the kind: a probability, a factor, a share of a second
 * @param salt seeds what else it draws when it happens
 */
public record Fault(
        FaultKind kind, long atNanos, long lastsNanos, int target, double rate, long salt)
        implements Comparable<Fault> {
    /** Instead of a node's id. */
    public static final int THE_LEADER = 0;

    public Fault {
        Check.that(atNanos >= 0 && lastsNanos >= 0 && target >= 0, "a fault of the past: %s", kind);
    }

    @Override
    public int compareTo(Fault other) {
        return Long.compare(atNanos, other.atNanos);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s at %.3fs for %.3fs target %d rate %.3f",
                kind,
                atNanos / 1e9,
                lastsNanos / 1e9,
                target,
                rate);
    }
}
