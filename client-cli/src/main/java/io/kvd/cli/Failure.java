package io.kvd.cli;

import io.kvd.core.client.Outcome;
import io.kvd.protocol.Code;

/** Why a command did not do what it was asked: what happened, why, and what to try, a line each. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String code;
    private final String what;
    private String why = "";
    private String remedy = "";
    private long modRevision = -1;

    private Failure(ExitCode exitCode, String code, String what) {
        super(what, null, false, false);
        this.exitCode = exitCode;
        this.code = code;
        this.what = what;
    }

    /** The user said something that can't be meant. */
    static Failure usage(String what) {
        return new Failure(ExitCode.USAGE, "USAGE", what);
    }

    /** The same, when it is clear what may have been meant. */
    static Failure usage(String what, String remedy) {
        return usage(what).tryThis(remedy);
    }

    static Failure keyNotFound(String key) {
        return new Failure(ExitCode.KEY_NOT_FOUND, "KEY_NOT_FOUND", "key not found: " + key);
    }

    /** A compare-and-set found another revision; 0 = the key is absent. */
    static Failure compareFailed(String key, long expected, long current) {
        String is = current == 0 ? "absent" : "at revision " + current;
        String not = expected == 0 ? "absent" : "at " + expected;
        Failure failure = new Failure(
                ExitCode.COMPARE_FAILED,
                "COMPARE_FAILED",
                "compare failed: " + key + " is " + is + ", not " + not);
        failure.modRevision = current;
        return failure.tryThis("kvctl get " + key + " -o json");
    }

    /** Something on this machine, such as a file that can't be read. */
    static Failure local(String what) {
        return new Failure(ExitCode.ERROR, "ERROR", what);
    }

    /**
     * What an outcome that is not Ok means.
     *
     * @param tried the endpoints, and where they come from
     */
    static Failure of(Outcome<?> outcome, String tried) {
        if (outcome instanceof Outcome.Refused<?> refused) {
            return refused(refused);
        }
        if (outcome instanceof Outcome.Unavailable<?> unavailable) {
            return unavailable(unavailable, tried);
        }
        if (outcome instanceof Outcome.Unknown<?> unknown) {
            return new Failure(
                            ExitCode.OUTCOME_UNKNOWN,
                            "UNKNOWN_OUTCOME",
                            "outcome unknown: " + unknown.message())
                    .because(
                            "why:   nobody said what became of the write: it may have been applied, or may still be")
                    .tryThis("read the key, then decide");
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
        Failure failure = new Failure(exitCode, code.name(), refused.message());
        return refused.limit() == 0
                ? failure
                : failure.because(
                        "why:   the limit is " + refused.limit() + ", this is " + refused.actual());
    }

    private static Failure unavailable(Outcome.Unavailable<?> unavailable, String tried) {
        String text = unavailable.message();
        return switch (unavailable.reason()) {
            case CANNOT_CONNECT ->
                new Failure(ExitCode.CANNOT_CONNECT, "CANNOT_CONNECT", text)
                        .because("tried: " + tried)
                        .tryThis(
                                "is the server up?  kvd start      other address?  kvctl -e HOST:PORT ping");
            case TIMEOUT ->
                new Failure(ExitCode.CANNOT_CONNECT, "TIMEOUT", text)
                        .because("asked: " + tried)
                        .tryThis("kvctl status      or a longer --timeout");
            case NO_LEADER ->
                new Failure(ExitCode.UNAVAILABLE, "NO_LEADER", "no leader: " + text)
                        .because("asked: " + tried)
                        .tryThis("kvctl status      a read may do with --consistency stale");
            case BUSY, CLOSED ->
                new Failure(ExitCode.UNAVAILABLE, "BUSY", text)
                        .because("asked: " + tried)
                        .tryThis("again in a moment");
        };
    }

    /** The same, said of one line of many. */
    Failure atLine(long number) {
        Failure failure = new Failure(exitCode, code, "line " + number + ": " + what);
        failure.modRevision = modRevision;
        return failure.because(why).tryThis(remedy);
    }

    private Failure because(String newWhy) {
        why = newWhy;
        return this;
    }

    private Failure tryThis(String newRemedy) {
        remedy = newRemedy;
        return this;
    }

    ExitCode exitCode() {
        return exitCode;
    }

    /** What happened, without why and what to try. */
    String what() {
        return what;
    }

    /** {@code kvctl: what}, then why and what to try if there is anything to say; each a line. */
    String text() {
        StringBuilder text = new StringBuilder("kvctl: ").append(what).append('\n');
        if (!why.isEmpty()) {
            text.append("  ").append(why).append('\n');
        }
        if (!remedy.isEmpty()) {
            text.append("  try:   ").append(remedy).append('\n');
        }
        return text.toString();
    }

    /** {@code {"code":…,"exitCode":…,"message":…}}; the code is stable. A failed compare has a modRevision too. */
    String json() {
        Json json = new Json()
                .beginObject()
                .field("code", code)
                .field("exitCode", exitCode.number())
                .field("message", what);
        if (modRevision >= 0) {
            json.field("modRevision", modRevision);
        }
        return json.endObject().toString();
    }

    /** For people on standard error and, in JSON mode, for programs on standard output, in the order of the answers. */
    void print(Settings.Output output, Console console) {
        if (output == Settings.Output.JSON) {
            console.printLine(json());
        }
        console.flush();
        console.printError(text());
    }
}
