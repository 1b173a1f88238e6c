package io.kvd.server.runtime.config;

import java.util.Locale;
import java.util.function.Function;

/**
 * One key: all that is known about it.
 *
 * @param path its name in a file and after {@code --set}
 * @param fallback what counts if nobody sets it
 * @param sentence what it is for, in one sentence
 * @param reader finds its value in a configuration
 */
record ConfigKey<T>(
        String path,
        ValueType<T> type,
        Fallback fallback,
        String sentence,
        Function<ServerConfig, T> reader) {

    /** What counts if nobody sets the key. */
    sealed interface Fallback {
        /** For the reference. */
        String text();
    }

    /** A value that does not depend on anything. */
    record Constant(String text) implements Fallback {}

    /** A value made of other keys, as the text says. */
    record Derived(String text) implements Fallback {}

    /** Its name in the environment. */
    String variable() {
        return Environment.PREFIX
                + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The key's value in the configuration, as text. */
    String print(ServerConfig config) {
        return type.print(reader.apply(config));
    }
}
