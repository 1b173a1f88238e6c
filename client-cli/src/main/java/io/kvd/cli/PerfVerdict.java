package io.kvd.cli;

import java.util.Locale;

/**
 * One thing that was measured, and whether it is as it should be.
 *
 * @param check what was measured, as people read it
 * @param name the same for programs
 * @param node whose it is; empty if it is the cluster's
 * @param value {@link #UNKNOWN} if it could not be measured
 * @param advice what to do if it is not as it should be: a sentence without a full stop
 */
record PerfVerdict(
        String check, String name, String node, Unit unit, long value, long limit, String advice) {
    static final long UNKNOWN = -1;

    private static final double MICROS_A_SECOND = 1e6;

    /** In what it is measured, and on which side of its limit it should be. */
    enum Unit {
        PER_SECOND("%d/s", ">= %d/s"),
        MICROS("", ""),
        COUNT("%d", "%d");

        private final String value;
        private final String wanted;

        Unit(String value, String wanted) {
            this.value = value;
            this.wanted = wanted;
        }
    }

    boolean isPassed() {
        return value != UNKNOWN
                && switch (unit) {
                    case PER_SECOND -> value >= limit;
                    case MICROS -> value < limit;
                    case COUNT -> value <= limit;
                };
    }

    String measured() {
        if (value == UNKNOWN) {
            return Table.NOTHING;
        }
        return unit == Unit.MICROS
                ? Durations.show(value / MICROS_A_SECOND)
                : String.format(Locale.ROOT, unit.value, value);
    }

    String wanted() {
        return unit == Unit.MICROS
                ? "< " + Durations.show(limit / MICROS_A_SECOND)
                : String.format(Locale.ROOT, unit.wanted, limit);
    }
}
