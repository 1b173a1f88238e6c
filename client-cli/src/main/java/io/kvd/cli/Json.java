package io.kvd.cli;

/**
 * Writes one JSON value on one line, front to back. Commas come by themselves; nesting is the caller's duty.
 *
 * <p>Numbers are written in full: revisions above 2^53 are exact in the text, whatever a reader makes of them.
 */
final class Json {
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder text = new StringBuilder();
    private boolean comma;

    Json beginObject() {
        return open('{');
    }

    Json endObject() {
        return close('}');
    }

    Json beginArray() {
        return open('[');
    }

    Json endArray() {
        return close(']');
    }

    Json name(String name) {
        value(name);
        text.append(':');
        comma = false;
        return this;
    }

    Json value(String value) {
        separate();
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            append(value.charAt(i));
        }
        text.append('"');
        return this;
    }

    Json value(long value) {
        separate();
        text.append(value);
        return this;
    }

    Json field(String name, String value) {
        return name(name).value(value);
    }

    Json field(String name, long value) {
        return name(name).value(value);
    }

    Json field(String name, boolean value) {
        name(name).separate();
        text.append(value);
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private Json open(char bracket) {
        separate();
        text.append(bracket);
        comma = false;
        return this;
    }

    private Json close(char bracket) {
        text.append(bracket);
        comma = true;
        return this;
    }

    private void separate() {
        if (comma) {
            text.append(',');
        }
        comma = true;
    }

    private void append(char c) {
        switch (c) {
            case '"' -> text.append("\\\"");
            case '\\' -> text.append("\\\\");
            case '\n' -> text.append("\\n");
            case '\r' -> text.append("\\r");
            case '\t' -> text.append("\\t");
            default -> {
                // Lines end at U+2028 and U+2029 too for some readers of one object a line.
                if (c < ' ' || c == 0x7f || c == 0x2028 || c == 0x2029) {
                    text.append("\\u")
                            .append(HEX[c >> 12])
                            .append(HEX[(c >> 8) & 0xf])
                            .append(HEX[(c >> 4) & 0xf])
                            .append(HEX[c & 0xf]);
                } else {
                    text.append(c);
                }
            }
        }
    }
}
