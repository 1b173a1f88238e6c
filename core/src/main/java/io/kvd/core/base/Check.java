package io.kvd.core.base;

/** Checks of our own reasoning. Always on, in production too: a failed one halts the node. */
public final class Check {
    private Check() {}

    /**
     * Halts the node if {@code condition} is false.
     *
     * @throws InvariantViolation with the formatted sentence
     */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a dependency of the core.
    public static void that(boolean condition, String sentence, Object... values) {
        if (!condition) {
            throw new InvariantViolation(String.format(sentence, values));
        }
    }
}
