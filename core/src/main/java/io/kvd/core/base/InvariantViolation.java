package io.kvd.core.base;

/** We are wrong: something that the algorithm says can't happen did. The node halts; nothing catches this but the top. */
public final class InvariantViolation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvariantViolation(String sentence) {
        super(sentence);
    }
}
