package io.kvd.cli;

import picocli.CommandLine.Model.CommandSpec;

/** One command of kvctl: what it takes, and what it does. */
interface Command {

    /** Its name, parameters, options and help, without the global options. */
    CommandSpec spec();

    /** Does it, and prints the result. @throws Failure it did not work, and nothing about it was printed yet */
    ExitCode run(Invocation invocation);
}
