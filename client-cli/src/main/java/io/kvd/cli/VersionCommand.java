package io.kvd.cli;

/** {@code kvctl version}: of this program; {@code kvctl status} shows the servers'. */
final class VersionCommand implements Command {
    static final String NAME = "version";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Print the version of kvctl; that of the servers is in its status.")
                .examples("kvctl version", "kvctl version -o json");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        if (invocation.isJson()) {
            Json json = new Json().beginObject().field("version", Version.current());
            invocation.console().printLine(json.endObject().toString());
        } else {
            invocation.console().printLine("kvctl " + Version.current());
        }
        return ExitCode.OK;
    }
}
