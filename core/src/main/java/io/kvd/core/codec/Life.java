package io.kvd.core.codec;

/**
 * One life of a data directory.
 *
 * @param incarnation counts its starts; 0 = none
 * @param nonce drawn at random at that start, so that a copy's life of the same number is another one; 0 = none
 */
public record Life(long incarnation, long nonce) {
    public static final Life NONE = new Life(0, 0);
}
