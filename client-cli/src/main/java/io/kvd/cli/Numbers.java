package io.kvd.cli;

/** Numbers as people type them. */
final class Numbers {
    private Numbers() {}

    /** @throws Failure it is not a whole number from 0 to 2^63 - 1 */
    static long parse(String option, String text) {
        boolean digits = !text.isEmpty();
        for (int i = 0; i < text.length() && digits; i++) {
            digits = text.charAt(i) >= '0' && text.charAt(i) <= '9';
        }
        try {
            if (digits) {
                return Long.parseLong(text);
            }
        } catch (NumberFormatException e) {
            throw Failure.usage(option + ": too large: " + text);
        }
        throw Failure.usage(option + ": not a whole number: " + text);
    }
}
