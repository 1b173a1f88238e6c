package io.kvd.core.kv;

/**
 * How large a request may be. Of the node that takes it, not of the group: what entered the log is applied whatever
 * its size (P7).
 *
 * @param maxKeyBytes of a key, or a bound of a range
 * @param maxValueBytes of a value
 * @param maxRequestBytes of a command, serialised
 */
public record RequestLimits(int maxKeyBytes, int maxValueBytes, int maxRequestBytes) {
    /** What a command takes beside its key and its value: ten times what it takes today, for fields to come. */
    public static final int ENVELOPE_BYTES = 1 << 10;

    /** Those of docs/semantics.md: a key of 64 KiB, a value of 1.5 MiB, and a request that holds both. */
    public static final RequestLimits DEFAULTS =
            new RequestLimits(64 << 10, 3 << 19, smallestRequestBytes(64 << 10, 3 << 19));

    /** The lowest limit of a request under which the largest key can be put with the largest value. */
    public static int smallestRequestBytes(int maxKeyBytes, int maxValueBytes) {
        return maxKeyBytes + maxValueBytes + ENVELOPE_BYTES;
    }
}
