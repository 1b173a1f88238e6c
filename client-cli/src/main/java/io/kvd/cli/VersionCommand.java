package io.kvd.cli;

import picocli.CommandLine.Model.CommandSpec;

/** {@code kvctl version}: of this program; {@code kvctl status} shows the servers'. */
final class VersionCommand implements Command {
    static final String NAME = "version";
    static final String HEADER = "Print the version of kvctl.";

    @Override
    public CommandSpec spec() {
        return Specs.command(NAME, HEADER, "kvctl version", "kvctl version -o json");
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
