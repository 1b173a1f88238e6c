package io.kvd.simulator.run;

import io.kvd.core.base.Check;
import io.kvd.simulator.world.DoorFaults.Trap;
import io.kvd.simulator.world.DoorFaults.Unflushed;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node is killed.
 *
 * @param call which of its door calls, from 1: counted from the world's beginning, of a second crash from the first one
 */
record CrashPoint(long nodeId, int call, Moment moment) {
    private static final Pattern TEXT = Pattern.compile("n([1-9])\\.([1-9][0-9]{0,5})\\.([a-z-]+)");

    CrashPoint {
        Check.that(nodeId >= 1 && call >= 1, "node %d call %d", nodeId, call);
    }

    /** When in the call, and what is left of state that was not flushed: the extremes, and something between. */
    enum Moment {
        BEFORE_LOST(Trap.DIE_BEFORE, Unflushed.LOST),
        BEFORE_KEPT(Trap.DIE_BEFORE, Unflushed.KEPT),
        WITHIN(Trap.DIE_WITHIN, Unflushed.HALF),
        AFTER_LOST(Trap.DIE_AFTER, Unflushed.LOST),
        AFTER_KEPT(Trap.DIE_AFTER, Unflushed.KEPT);

        private final Trap trap;
        private final Unflushed left;

        Moment(Trap trap, Unflushed left) {
            this.trap = trap;
            this.left = left;
        }

        Trap trap() {
            return trap;
        }

        Unflushed left() {
            return left;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @param nodes how many there are
     * @throws IllegalArgumentException it is none
     */
    static CrashPoint parse(String text, int nodes) {
        Matcher matcher = TEXT.matcher(text);
        if (matcher.matches() && Long.parseLong(matcher.group(1)) <= nodes) {
            for (Moment moment : Moment.values()) {
                if (moment.toString().equals(matcher.group(3))) {
                    return new CrashPoint(
                            Long.parseLong(matcher.group(1)),
                            Integer.parseInt(matcher.group(2)),
                            moment);
                }
            }
        }
        throw new IllegalArgumentException(
                "'%s' is no crash point: n1.17.after-lost is one".formatted(text));
    }

    /** As on the command line. */
    @Override
    public String toString() {
        return "n%d.%d.%s".formatted(nodeId, call, moment);
    }
}
