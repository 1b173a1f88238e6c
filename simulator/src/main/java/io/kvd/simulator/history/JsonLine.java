package io.kvd.simulator.history;

import io.kvd.core.base.Bytes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.BiConsumer;

/** Writes a JSON object on one line. */
final class JsonLine {
    private final StringBuilder out = new StringBuilder("{");

    void whole(String name, long value) {
        name(name).append(value);
    }

    void truth(String name, boolean value) {
        name(name).append(value);
    }

    void absent(String name) {
        name(name).append("null");
    }

    void text(String name, String value) {
        name(name);
        quote(value);
    }

    /** As text if it is UTF-8, else in base64 under a name that ends in 64. */
    void bytes(String name, Bytes value) {
        try {
            text(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value.array(), value.offset(), value.length()))
                            .toString());
        } catch (CharacterCodingException notText) {
            text(name + "64", Base64.getEncoder().encodeToString(value.toArray()));
        }
    }

    void object(String name, JsonLine object) {
        name(name).append(object);
    }

    /** An array of objects, each written by {@code each}. */
    <T> void objects(String name, List<T> items, BiConsumer<T, JsonLine> each) {
        name(name).append('[');
        for (int i = 0; i < items.size(); i++) {
            JsonLine item = new JsonLine();
            each.accept(items.get(i), item);
            out.append(i == 0 ? "" : ",").append(item);
        }
        out.append(']');
    }

    private StringBuilder name(String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        return out.append('"').append(name).append("\":");
    }

    private void quote(String value) {
        out.append('"');
        for (int i = 0; i < value.length(); i++) {
            char next = value.charAt(i);
            if (next == '"' || next == '\\') {
                out.append('\\').append(next);
            } else if (next < ' ') {
                out.append("\\u%04x".formatted((int) next));
            } else {
                out.append(next);
            }
        }
        out.append('"');
    }

    @Override
    public String toString() {
        return out + "}";
    }
}
