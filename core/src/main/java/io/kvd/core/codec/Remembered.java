package io.kvd.core.codec;

/**
 * What a member remembers of another one: what that one had reached, durably, at some moment in the past. A directory
 * that has less, or another past, is an older copy (docs/adr/0011).
 *
 * @param life the last that was seen of its directory; {@link Life#NONE} if none
 * @param term the highest in which it voted for the sender, or acknowledged entries to it; 0 if none
 * @param index the highest committed index that it acknowledged; 0 if none
 */
public record Remembered(Life life, long term, long index) {
    public static final Remembered NOTHING = new Remembered(Life.NONE, 0, 0);

    /** The highest of each; of two lives of one number the one that was seen first. */
    public Remembered max(Remembered other) {
        return new Remembered(
                other.life.incarnation() > life.incarnation() ? other.life : life,
                Math.max(term, other.term),
                Math.max(index, other.index));
    }
}
