package io.kvd.server.runtime.config;

/** The configuration can't be used. Carries what an operator is told: what is wrong, why, and what to try. */
public final class ConfigRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String why;
    private final String remedy;

    public ConfigRefused(String what, String why, String remedy) {
        super(what + ": " + why);
        this.what = what;
        this.why = why;
        this.remedy = remedy;
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
