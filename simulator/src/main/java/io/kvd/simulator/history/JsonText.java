package io.kvd.simulator.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON value, strictly: no fractions, no field twice, nothing behind it, no deeper than what we write.
 * Messages name the column, from 1.
 */
final class JsonText {
    private static final int MAX_DEPTH = 8;

    private final String text;
    private int at;
    private int depth;

    private JsonText(String text) {
        this.text = text;
    }

    static Json parse(String text) {
        JsonText reader = new JsonText(text);
        Json value = reader.value();
        reader.space();
        if (reader.at < text.length()) {
            throw reader.expected("the end of the line");
        }
        return value;
    }

    private Json value() {
        space();
        return switch (peek()) {
            case '{' -> fields();
            case '[' -> array();
            case '"' -> new Json.Text(string());
            case 't' -> word("true", new Json.Truth(true));
            case 'f' -> word("false", new Json.Truth(false));
            case 'n' -> word("null", new Json.Null());
            default -> number();
        };
    }

    private Json fields() {
        Map<String, Json> fields = new LinkedHashMap<>();
        enter();
        if (peek() != '}') {
            do {
                space();
                String name = string();
                space();
                take(':');
                if (fields.put(name, value()) != null) {
                    throw new Malformed("field \"" + name + "\" is there twice");
                }
                space();
            } while (takeIf(','));
        }
        leave('}');
        return new Json.Fields(fields);
    }

    private Json array() {
        List<Json> items = new ArrayList<>();
        enter();
        if (peek() != ']') {
            do {
                items.add(value());
                space();
            } while (takeIf(','));
        }
        leave(']');
        return new Json.Array(items);
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw new Malformed("column " + (at + 1) + ": nested too deep");
        }
        at++;
        space();
    }

    private void leave(char end) {
        take(end);
        depth--;
    }

    private Json number() {
        int from = at;
        takeIf('-');
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        String digits = text.substring(from, at);
        if (!digits.matches("-?(0|[1-9][0-9]{0,18})") || ".eE".indexOf(peek()) >= 0) {
            at = from;
            throw expected("a value (numbers are whole)");
        }
        try {
            return new Json.Whole(Long.parseLong(digits));
        } catch (NumberFormatException tooLarge) {
            throw new Malformed("column " + (from + 1) + ": " + digits + " has more than 64 bits");
        }
    }

    private String string() {
        take('"');
        StringBuilder value = new StringBuilder();
        while (peek() != '"') {
            char next = peek();
            if (next < ' ') {
                throw expected("the end of a string");
            }
            at++;
            value.append(next == '\\' ? escaped() : next);
        }
        at++;
        return value.toString();
    }

    private char escaped() {
        char escaped = peek();
        at++;
        return switch (escaped) {
            case '"', '\\', '/' -> escaped;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw new Malformed("column " + at + ": no escape \\" + escaped);
        };
    }

    private char unicode() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw expected("four hexadecimal digits");
            }
            value = value * 16 + digit;
            at++;
        }
        return (char) value;
    }

    private Json word(String word, Json value) {
        if (!text.startsWith(word, at)) {
            throw expected("a value");
        }
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \t\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean takeIf(char wanted) {
        boolean there = peek() == wanted;
        at += there ? 1 : 0;
        return there;
    }

    private void take(char wanted) {
        if (!takeIf(wanted)) {
            throw expected("'" + wanted + "'");
        }
    }

    /** The next character; 0 at the end, which is in no value. */
    private char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    private Malformed expected(String what) {
        return new Malformed("column " + (at + 1) + ": expected " + what);
    }
}
