package io.kvd.simulator.history;

import io.kvd.core.base.Bytes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** The fields of a JSON object, each asked for by name and kind. */
final class JsonFields {
    private static final Json NULL = new Json.Null();

    private final Map<String, Json> fields;

    private JsonFields(Map<String, Json> fields) {
        this.fields = fields;
    }

    static JsonFields of(Json json) {
        if (json instanceof Json.Fields object) {
            return new JsonFields(object.fields());
        }
        throw new Malformed("expected an object, not " + json.kind());
    }

    void refuseOthers(List<String> known) {
        for (String name : fields.keySet()) {
            if (!known.contains(name)) {
                throw new Malformed("unknown field \"" + name + "\"");
            }
        }
    }

    /** The field's value; null, as JSON, if it is not there. */
    Json get(String name) {
        return fields.getOrDefault(name, NULL);
    }

    boolean has(String name) {
        return !get(name).equals(NULL);
    }

    long whole(String name) {
        if (get(name) instanceof Json.Whole whole) {
            return whole.value();
        }
        throw wrong(name, "a number");
    }

    long wholeOr(String name, long other) {
        return has(name) ? whole(name) : other;
    }

    String text(String name) {
        if (!(get(name) instanceof Json.Text text)) {
            throw wrong(name, "a string");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text.value())) {
            throw wrong(name, "text; half a character is none");
        }
        return text.value();
    }

    boolean truth(String name) {
        if (get(name) instanceof Json.Truth truth) {
            return truth.value();
        }
        throw wrong(name, "true or false");
    }

    List<Json> array(String name) {
        if (get(name) instanceof Json.Array array) {
            return array.items();
        }
        throw wrong(name, "an array");
    }

    JsonFields object(String name) {
        if (get(name) instanceof Json.Fields object) {
            return new JsonFields(object.fields());
        }
        throw wrong(name, "an object");
    }

    /** The bytes in the field, as text, or in the one whose name ends in 64, in base64. */
    Bytes bytes(String name) {
        String base64 = name + "64";
        if (!has(base64)) {
            return Bytes.utf8(text(name));
        }
        if (has(name)) {
            throw new Malformed("both \"" + name + "\" and \"" + base64 + "\"");
        }
        try {
            return Bytes.of(Base64.getDecoder().decode(text(base64)));
        } catch (IllegalArgumentException notBase64) {
            throw wrong(base64, "base64");
        }
    }

    private Malformed wrong(String name, String wanted) {
        return new Malformed(
                "\"" + name + "\" must be " + wanted + (has(name) ? "" : ", and is not there"));
    }
}
