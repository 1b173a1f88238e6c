package io.kvd.core.raft;

import io.kvd.core.base.DamagedException;

/** What an entry is for. The codes are on disk and on the wire: never changed, never reused. */
public enum EntryKind {
    /** Empty; a leader's first entry of its term (Raft §8). */
    NOOP(0),
    /** A configuration, in force from the moment it is appended (thesis §4.1). */
    CONFIG(1),
    /** A command for the state machine, as the client sent it. */
    COMMAND(2),
    /** Raises the group's feature level (P7). */
    FEATURE(3);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /**
     * The kind that has this code.
     *
     * @throws DamagedException for a code that no version before ours wrote
     */
    public static EntryKind ofCode(int code) {
        return switch (code) {
            case 0 -> NOOP;
            case 1 -> CONFIG;
            case 2 -> COMMAND;
            case 3 -> FEATURE;
            default -> throw new DamagedException("unknown entry kind " + code);
        };
    }
}
