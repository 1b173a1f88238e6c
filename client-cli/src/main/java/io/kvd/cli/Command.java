package io.kvd.cli;

/** One command of kvctl: what it takes, and what it does. */
interface Command {

    /** Its name, parameters, options and help, without the global options. */
    Usage usage();

    /** Does it, and prints the result. @throws Failure it did not work, and nothing about that was printed yet */
    ExitCode run(Invocation invocation);
}
