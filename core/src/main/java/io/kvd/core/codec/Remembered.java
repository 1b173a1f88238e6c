package io.kvd.core.codec;

/**
 * What a member remembers of another one: what that one had reached, durably, at some moment in the past. A directory
 * that has less is an older copy (docs/adr/0011).
 *
 * @param incarnation the highest that was seen of its directory; 0 if none
 * @param term the highest in which it voted for the sender, or acknowledged entries to it; 0 if none
 * @param index the highest committed index that it acknowledged; 0 if none
 */
public record Remembered(long incarnation, long term, long index) {
    public static final Remembered NOTHING = new Remembered(0, 0, 0);

    /** The highest of each. */
    public Remembered max(Remembered other) {
        return new Remembered(
                Math.max(incarnation, other.incarnation),
                Math.max(term, other.term),
                Math.max(index, other.index));
    }
}
