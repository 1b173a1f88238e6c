package io.kvd.simulator.history;

/** A line of a history can't be read; the message says what is wrong with it. */
public final class HistoryFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long line;

    HistoryFormatException(long line, String message) {
        super(message);
        this.line = line;
    }

    /** Counted from 1; 0 if it is about the whole file. */
    public long line() {
        return line;
    }
}
