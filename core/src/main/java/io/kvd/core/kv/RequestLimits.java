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
    /** Those of docs/semantics.md: a key of 64 KiB, a value and a request of 1.5 MiB. */
    public static final RequestLimits DEFAULTS = new RequestLimits(64 << 10, 3 << 19, 3 << 19);
}
