package io.kvd.simulator.scenario;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads one JSON text (RFC 8259), strictly: nothing behind the value, no name twice, no deeper than a scenario. Values
 * are String, Double, Boolean, List, Map and {@link #NULL}.
 */
final class Json {
    static final Object NULL = new Object();

    private static final int MAX_DEPTH = 8;

    private final String text;
    private int at;
    private int depth;

    /** The text is not JSON; the message says where. */
    static final class SyntaxException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private SyntaxException(String message) {
            super(message);
        }
    }

    private Json(String text) {
        this.text = text;
    }

    /** @throws SyntaxException if it is anything but one JSON value */
    static Object parse(String text) {
        Json reader = new Json(text);
        Object value = reader.value();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.expected("the end");
        }
        return value;
    }

    static void quote(String value, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char next = value.charAt(i);
            int escape = "\"\\\b\f\n\r\t".indexOf(next);
            if (escape >= 0) {
                out.append('\\').append("\"\\bfnrt".charAt(escape));
            } else if (next < ' ') {
                out.append("\\u%04x".formatted((int) next));
            } else {
                out.append(next);
            }
        }
        out.append('"');
    }

    private Object value() {
        skipSpace();
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", NULL);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> fields = new TreeMap<>();
        enter();
        if (peek() != '}') {
            do {
                skipSpace();
                String name = string();
                skipSpace();
                take(':');
                if (fields.put(name, value()) != null) {
                    throw new SyntaxException("\"" + name + "\" is there twice");
                }
                skipSpace();
            } while (takeIf(','));
        }
        leave('}');
        return fields;
    }

    private List<Object> array() {
        List<Object> items = new ArrayList<>();
        enter();
        if (peek() != ']') {
            do {
                items.add(value());
                skipSpace();
            } while (takeIf(','));
        }
        leave(']');
        return Collections.unmodifiableList(items);
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw new SyntaxException("nested deeper than " + MAX_DEPTH);
        }
        at++;
        skipSpace();
    }

    private void leave(char end) {
        take(end);
        depth--;
    }

    private Double number() {
        int from = at;
        while ("+-.0123456789eE".indexOf(peek()) >= 0) {
            at++;
        }
        String number = text.substring(from, at);
        if (!number.matches("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][+-]?[0-9]+)?")) {
            at = from;
            throw expected("a value");
        }
        return Double.valueOf(number);
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
            default -> throw expected("an escape");
        };
    }

    private char unicode() {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0 || peek() > 'f') {
                throw expected("four hexadecimal digits");
            }
            unit = unit * 16 + digit;
            at++;
        }
        return (char) unit;
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw expected("a value");
        }
        at += word.length();
        return value;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
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

    private SyntaxException expected(String what) {
        return new SyntaxException("column %d: expected %s".formatted(at + 1, what));
    }
}
