package io.kvd.core.kv;

import java.util.regex.Pattern;

/**
 * One file of a snapshot.
 *
 * @param name without a directory; what it means is the store's own matter
 */
public record SnapshotFile(String name, long sizeBytes) {
    /** No path, nothing hidden, and short enough for every file system. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,254}");

    /** Whether a store can have said this. What a peer said is hostile until then. */
    public boolean isPlausible() {
        return sizeBytes >= 0 && NAME.matcher(name).matches();
    }
}
