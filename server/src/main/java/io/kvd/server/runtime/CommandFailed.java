package io.kvd.server.runtime;

/** A command can't do what it was asked to. Carries what the user is told and the exit code. */
public final class CommandFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String what;
    private final String why;
    private final String remedy;

    public CommandFailed(ExitCode exitCode, String what, String why, String remedy) {
        super(what + ": " + why);
        this.exitCode = exitCode;
        this.what = what;
        this.why = why;
        this.remedy = remedy;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public String what() {
        return what;
    }

    public String why() {
        return why;
    }

    public String remedy() {
        return remedy;
    }
}
