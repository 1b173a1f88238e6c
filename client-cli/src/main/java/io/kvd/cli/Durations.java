package io.kvd.cli;

import java.time.Duration;
import java.util.Locale;

/** Durations as people type them, 500ms, 5s, 1m, and as they and programs read them. */
final class Durations {
    private static final double MICROS_A_SECOND = 1e6;

    private Durations() {}

    /** @throws Failure it is not one, or not more than 0 */
    static Duration parse(String option, String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        long unitMs = switch (text.substring(digits)) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 0;
        };
        // Nine digits: no overflow, and nobody means more.
        if (digits == 0
                || digits > 9
                || unitMs == 0
                || Long.parseLong(text.substring(0, digits)) == 0) {
            throw Failure.usage(option + ": not a duration: " + text, option + " 500ms, 5s or 1m");
        }
        return Duration.ofMillis(Long.parseLong(text.substring(0, digits)) * unitMs);
    }

    /** "0.54 ms"; nothing for 0, which stands for a time that is not known. */
    static String show(double seconds) {
        return seconds == 0
                ? Table.NOTHING
                : String.format(Locale.ROOT, "%.2f ms", seconds * 1_000);
    }

    static long micros(double seconds) {
        return Math.round(seconds * MICROS_A_SECOND);
    }
}
