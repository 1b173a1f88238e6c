package io.kvd.server.runtime;

import io.kvd.core.base.DamagedException;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;

/** How the program kvd ends, for scripts and service managers. The numbers are a promise. */
public enum ExitCode {
    OK(0, "ended as asked", ""),
    ERROR(1, "failed", "if you can't tell why, please report it with the log"),
    USAGE(2, "wrong usage or configuration", "kvd --help, kvd config check"),
    CHECK_FAILED(9, "a check found what must not be", "the lines above say what"),
    DIRECTORY_REFUSED(10, "the data directory was refused", "check node.data-dir and node.name"),
    DAMAGE_FOUND(
            11,
            "damage was found in the data directory",
            "kvd verify --data-dir DIR says what is damaged"),
    WRITE_FAILED(
            12,
            "a write or fsync failed",
            "check the disk, then start again with the same command line: what was acknowledged is kept"),
    NO_SPACE(
            13,
            "no space left on the device",
            "free some, then start again with the same command line: what was acknowledged is kept"),
    STUCK(
            14,
            "the watchdog ended a process that was stuck",
            "the thread dump in the log says where"),
    INVARIANT_BROKEN(
            15, "an invariant was broken", "this is a bug in kvd: please report it with the log"),
    HISTORY_CONTRADICTED(
            17,
            "this node's committed log is not the cluster's",
            "a member forgot what it had acknowledged, as after an older copy of its data directory was put back:"
                    + " keep this directory, find out which member it was, then replace the one that is wrong"),
    OLDER_COPY(
            18,
            "the data directory is an older copy of this node's",
            "it forgot what it had acknowledged, and could vote as if it remembered: put the newest directory back, or"
                    + " replace this member; the others go on without it");

    private final int number;
    private final String meaning;
    private final String remedy;

    ExitCode(int number, String meaning, String remedy) {
        this.number = number;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** What a failure that nothing handled means. */
    public static ExitCode of(Throwable failure) {
        if (failure instanceof StorageException storage) {
            return switch (storage.kind()) {
                case IO -> WRITE_FAILED;
                case NO_SPACE -> NO_SPACE;
                case DAMAGE -> DAMAGE_FOUND;
                case REFUSED -> DIRECTORY_REFUSED;
                case OLDER_COPY -> OLDER_COPY;
            };
        }
        if (failure instanceof DamagedException) {
            return DAMAGE_FOUND;
        }
        return failure instanceof InvariantViolation || failure instanceof AssertionError
                ? INVARIANT_BROKEN
                : ERROR;
    }

    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    /** What an operator does about it; empty if nothing. */
    public String remedy() {
        return remedy;
    }
}
