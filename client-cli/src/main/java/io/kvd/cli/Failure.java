package io.kvd.cli;

import io.kvd.core.client.Outcome;
import io.kvd.protocol.Code;

/** Why a command did not do what it was asked: what happened, why, and what to try, a line each. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String code;
    private final String why;
    private final String remedy;

    private Failure(ExitCode exitCode, String code, String what, String why, String remedy) {
        super(what, null, false, false);
        this.exitCode = exitCode;
        this.code = code;
        this.why = why;
        this.remedy = remedy;
    }

    /** The user said something that can't be meant. */
    static Failure usage(String what, String remedy) {
        return new Failure(ExitCode.USAGE, "USAGE", what, "", remedy);
    }

    static Failure keyNotFound(String key) {
        return new Failure(
                ExitCode.KEY_NOT_FOUND, "KEY_NOT_FOUND", "key not found: " + key, "", "");
    }

    /** @param currentModRevision 0 = the key is absent */
    static Failure compareFailed(String key, long expected, long currentModRevision) {
        String what = "compare failed: " + key + " is "
                + (currentModRevision == 0 ? "absent" : "at revision " + currentModRevision)
                + ", not "
                + (expected == 0 ? "absent" : "at " + expected);
        return new Failure(
                ExitCode.COMPARE_FAILED,
                "COMPARE_FAILED",
                what,
                "",
                "kvctl get " + key + " -o json");
    }

    /** Something on this machine, such as a file that can't be read. */
    static Failure local(String what) {
        return new Failure(ExitCode.ERROR, "ERROR", what, "", "");
    }

    /** @param endpoints what was tried and where that came from, for the case that nobody answers */
    static Failure of(Outcome<?> outcome, String endpoints) {
        if (outcome instanceof Outcome.Refused<?> refused) {
            return refused(refused);
        }
        if (outcome instanceof Outcome.Unavailable<?> unavailable) {
            return unavailable(unavailable, endpoints);
        }
        if (outcome instanceof Outcome.Unknown<?> unknown) {
            return new Failure(
                    ExitCode.OUTCOME_UNKNOWN,
                    "UNKNOWN_OUTCOME",
                    "outcome unknown: " + unknown.message(),
                    "why:   the write was sent but not answered: it may have been applied, or may still be",
                    "read the key, then decide");
        }
        throw new AssertionError("unhandled " + outcome);
    }

    private static Failure refused(Outcome.Refused<?> refused) {
        Code code = refused.code();
        ExitCode exitCode = ExitCode.ERROR;
        if (code == Code.KEY_NOT_FOUND) {
            exitCode = ExitCode.KEY_NOT_FOUND;
        } else if (code == Code.UNAUTHENTICATED || code == Code.PERMISSION_DENIED) {
            exitCode = ExitCode.NO_PERMISSION;
        }
        String why = refused.limit() > 0
                ? "why:   the limit is " + refused.limit() + ", this is " + refused.actual()
                : "";
        return new Failure(exitCode, code.name(), refused.message(), why, "");
    }

    private static Failure unavailable(Outcome.Unavailable<?> unavailable, String endpoints) {
        String text = unavailable.message();
        return switch (unavailable.reason()) {
            case CANNOT_CONNECT ->
                new Failure(
                        ExitCode.CANNOT_CONNECT,
                        "CANNOT_CONNECT",
                        text,
                        "tried: " + endpoints,
                        "is the server up?  kvd start      other address?  kvctl -e HOST:PORT ping");
            case TIMEOUT ->
                new Failure(
                        ExitCode.CANNOT_CONNECT,
                        "TIMEOUT",
                        text,
                        "asked: " + endpoints,
                        "kvctl status      or a longer --timeout");
            case NO_LEADER ->
                new Failure(
                        ExitCode.UNAVAILABLE,
                        "NO_LEADER",
                        "no leader: " + text,
                        "",
                        "kvctl status      a read may do with --consistency stale");
            case BUSY, CLOSED ->
                new Failure(ExitCode.UNAVAILABLE, "BUSY", text, "", "again in a moment");
        };
    }

    ExitCode exitCode() {
        return exitCode;
    }

    /** Stable, for programs. */
    String code() {
        return code;
    }

    String what() {
        String message = getMessage();
        return message == null ? code : message;
    }

    /** The reason or the circumstances, after a word that says which; empty if {@link #what} says it all. */
    String why() {
        return why;
    }

    /** What to try; empty if there is nothing better than the obvious. */
    String remedy() {
        return remedy;
    }
}
