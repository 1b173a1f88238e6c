package io.kvd.bench.report;

import java.util.Locale;

/** Numbers for people: about three digits, and a dash for what is not known. */
final class Figures {
    private static final String UNKNOWN = "-";
    private static final double MIB = 1 << 20;

    private Figures() {}

    static String rate(double perSecond) {
        return format("%,.0f", perSecond);
    }

    /** As many digits as help. */
    static String number(double value) {
        double size = Math.abs(value);
        if (size >= 100) {
            return format("%.0f", value);
        }
        return format(size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
    }

    static String times(double factor) {
        return Double.isFinite(factor) ? format("%.2f×", factor) : UNKNOWN;
    }

    static String percent(double value) {
        return format("%.0f", value);
    }

    static String mib(double bytes) {
        return format("%.0f", bytes / MIB);
    }

    /** On an axis: 20k, 0.1. */
    static String tick(double value) {
        if (value >= 1_000) {
            return plain(value / 1_000) + "k";
        }
        return plain(value);
    }

    private static String plain(double value) {
        String text = format("%.4f", value);
        return text.replaceFirst("[.]?0+$", "");
    }

    private static String format(String format, double value) {
        return Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : UNKNOWN;
    }
}
