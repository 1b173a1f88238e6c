package io.kvd.core.base;


/** Checks of our own reasoning. Always on, in production too: a failed one halts the node. */
public final class Check {
    private Check() {}

    /** @throws InvariantViolation with the formatted sentence, if {@code condition} is false */
    public static void that(boolean condition, String sentence, Object... values) {
        if (!condition) {
            throw new InvariantViolation(String.format(sentence, values));
        }
    }
}
