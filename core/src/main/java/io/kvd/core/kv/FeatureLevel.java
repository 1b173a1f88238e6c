package io.kvd.core.kv;

/**
 * Levels of what entries mean (P7). A group has one, raised by a FEATURE entry once every member can apply it; what
 * changes with a level is guarded by it, and what was before stays.
 */
public final class FeatureLevel {
    /** Put, delete, compare-and-set, sessions. */
    public static final int FIRST = 1;

    /** The highest level that this program can apply. */
    public static final int HIGHEST = FIRST;

    private FeatureLevel() {}
}
