package io.kvd.simulator.history;

/** What is wrong with a line, on its way to whoever knows which line it is. */
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
        super(message);
    }
}
