package io.kvd.bench.report;

import java.util.Locale;

/** Text that becomes part of a page. */
final class Xml {
    private Xml() {}

    /** Of text and of attributes alike. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** With coordinates to a tenth of a pixel. Numbers are doubles, text is escaped. */
    static String format(String format, Object... values) {
        Object[] escaped = new Object[values.length];
        for (int i = 0; i < values.length; i++) {
            escaped[i] = values[i] instanceof String text ? escape(text) : values[i];
        }
        return String.format(Locale.ROOT, format, escaped);
    }
}
