package io.kvd.simulator.history;

import java.util.List;
import java.util.Map;

/** A JSON value (RFC 8259), of which we need no fractions. */
sealed interface Json {
    record Text(String value) implements Json {}

    record Whole(long value) implements Json {}

    record Truth(boolean value) implements Json {}

    record Null() implements Json {}

    record Array(List<Json> items) implements Json {}

    /** @param fields in the order of the text */
    record Fields(Map<String, Json> fields) implements Json {}

    /** How this kind of value is called in messages. */
    default String kind() {
        if (this instanceof Text) {
            return "a string";
        }
        if (this instanceof Whole) {
            return "a number";
        }
        if (this instanceof Truth) {
            return "true or false";
        }
        if (this instanceof Null) {
            return "null";
        }
        return this instanceof Array ? "an array" : "an object";
    }
}
