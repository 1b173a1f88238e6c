package io.kvd.core.base;

/**
 * Bytes that are not what was written: a checksum, length or order is wrong. Thrown by the readers of durable and
 * wire formats; the caller adds where the bytes came from (a file: refuse to start; a peer: close the connection).
 */
public final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DamagedException(String sentence) {
        super(sentence);
    }
}
