package io.kvd.simulator.world;

/** Something that must never be, was: the run is over, and its seed is worth keeping. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String invariant;

    /** @param invariant the name of what was violated: equal for equal failures */
    public Violation(String invariant, String sentence) {
        super(sentence);
        this.invariant = invariant;
    }

    public Violation(String invariant, String sentence, Throwable cause) {
        super(sentence, cause);
        this.invariant = invariant;
    }

    public String invariant() {
        return invariant;
    }
}
