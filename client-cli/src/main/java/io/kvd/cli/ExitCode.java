package io.kvd.cli;

/** What kvctl ends with. Scripts rely on these: a meaning is never changed. */
enum ExitCode {
    OK(0),
    ERROR(1),
    USAGE(2),
    KEY_NOT_FOUND(3),
    COMPARE_FAILED(4),
    CANNOT_CONNECT(5),
    UNAVAILABLE(6),
    NO_PERMISSION(7),
    OUTCOME_UNKNOWN(8),
    CHECK_FAILED(9);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
