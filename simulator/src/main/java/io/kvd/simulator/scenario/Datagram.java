package io.kvd.simulator.scenario;

import io.kvd.core.base.Check;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One message of the protocol, a flat JSON object on the wire: {@code {"src","dst","leader","type",…}}.
 *
 * @param src who says it: 4 hex digits
 * @param dst to whom; {@link #EVERYONE} = all replicas but the sender
 * @param leader who leads, as far as the sender knows; {@link #UNKNOWN} = nobody known
 * @param type one of the constants here
 * @param fields what else there is, by name
 */
public record Datagram(
        String src, String dst, String leader, String type, Map<String, String> fields) {
    public static final String EVERYONE = "FFFF";
    public static final String UNKNOWN = "FFFF";

    /** A replica runs. */
    public static final String HELLO = "hello";

    /** {@link #MID}, {@link #KEY}. */
    public static final String GET = "get";

    /** {@link #MID}, {@link #KEY}, {@link #VALUE}. */
    public static final String PUT = "put";

    /** {@link #MID}, and {@link #VALUE} of a get. */
    public static final String OK = "ok";

    /** {@link #MID}: not done, to be asked again. */
    public static final String FAIL = "fail";

    /** {@link #MID}: to be asked again at {@code leader}, under a new MID. */
    public static final String REDIRECT = "redirect";

    /** Between replicas: {@link #FRAME}, {@link #ANSWERED}. */
    static final String RAFT = "raft";

    /** Between replicas: all puts up to the log index {@link #ANSWERED} were answered. */
    static final String ANSWERED = "answered";

    static final String MID = "MID";
    static final String KEY = "key";
    static final String VALUE = "value";
    /** A peer frame's body, in base64. */
    static final String FRAME = "frame";

    /** The protocol's bound is 65,535; what UDP over IPv4 carries is less. */
    public static final int MAX_BYTES = 65_507;

    private static final int ID_DIGITS = 4;

    public Datagram {
        Check.that(isId(src) && isId(dst) && isId(leader), "ids %s %s %s", src, dst, leader);
        fields = new TreeMap<>(fields);
    }

    /** Exactly 4 hexadecimal digits. */
    public static boolean isId(String text) {
        int digits = 0;
        while (digits < text.length() && isDigit(text.charAt(digits))) {
            digits++;
        }
        return digits == ID_DIGITS && text.length() == ID_DIGITS;
    }

    private static boolean isDigit(char c) {
        return c < 128 && Character.digit(c, 16) >= 0;
    }

    /** The field's value, empty if it is not there. */
    String field(String name) {
        return fields.getOrDefault(name, "");
    }

    /** Whether the field is there, as a string. */
    boolean has(String name) {
        return fields.containsKey(name);
    }

    public String encode() {
        StringBuilder out = new StringBuilder("{");
        Map<String, String> all = new TreeMap<>(fields);
        all.put("src", src);
        all.put("dst", dst);
        all.put("leader", leader);
        all.put("type", type);
        all.forEach((name, value) -> {
            out.append(out.length() > 1 ? "," : "");
            Json.quote(name, out);
            out.append(':');
            Json.quote(value, out);
        });
        return out.append('}').toString();
    }

    /** Empty if the text is not a message of this protocol. */
    public static Optional<Datagram> decode(String text) {
        Object json;
        try {
            json = Json.parse(text);
        } catch (Json.SyntaxException notJson) {
            return Optional.empty();
        }
        if (!(json instanceof Map<?, ?> object)) {
            return Optional.empty();
        }
        Map<String, String> fields = new TreeMap<>();
        // Whatever else a message holds is none of ours.
        object.forEach((name, value) -> {
            if (name instanceof String field && value instanceof String string) {
                fields.put(field, string);
            }
        });
        String src = take(fields, "src");
        String dst = take(fields, "dst");
        String leader = take(fields, "leader");
        String type = take(fields, "type");
        boolean isWhole = isId(src) && isId(dst) && isId(leader);
        return isWhole
                ? Optional.of(new Datagram(src, dst, leader, type, fields))
                : Optional.empty();
    }

    private static String take(Map<String, String> fields, String name) {
        String value = fields.remove(name);
        return value == null ? "" : value;
    }
}
