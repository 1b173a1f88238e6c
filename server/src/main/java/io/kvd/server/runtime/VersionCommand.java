package io.kvd.server.runtime;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code kvd version}, and what {@code kvd --version} prints. */
@Command(
        name = "version",
        description = "Prints the versions of kvd and of the Java that runs it.",
        footerHeading = "%nExample:%n",
        footer = "  kvd version")
final class VersionCommand implements Callable<Integer>, IVersionProvider {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
        return ExitCode.OK.number();
    }

    @Override
    public String[] getVersion() {
        return new String[] {"kvd " + version() + " (Java " + Runtime.version() + ")"};
    }

    /** The program's own version. */
    static String version() {
        // Classes that don't come from a jar have no manifest, so no version.
        return Optional.ofNullable(VersionCommand.class.getPackage().getImplementationVersion())
                .orElse("(unpackaged)");
    }
}
