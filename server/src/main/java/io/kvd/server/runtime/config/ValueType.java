package io.kvd.server.runtime.config;

/** How the text of a value is read and written; the same for a file, the environment and the command line. */
interface ValueType<T> {
    /** What a value looks like, with unit and range; for the reference and for errors. */
    String form();

    /** @throws IllegalArgumentException with a sentence of what is wrong with it */
    T parse(String text);

    /** The shortest text that {@link #parse} reads as the value. */
    String print(T value);

    /** Whether a file may give it as a list, too; otherwise its elements are divided by commas. */
    default Shape shape() {
        return Shape.SCALAR;
    }

    enum Shape {
        SCALAR,
        LIST
    }
}
