package io.kvd.cli;

/** A command that is one operation, so that it can be a line of a batch. */
abstract class ExchangeCommand implements Command {

    /** @throws Failure the arguments make no sense */
    abstract Exchange<?> exchange(Invocation invocation);

    @Override
    public final ExitCode run(Invocation invocation) {
        invocation.perform(exchange(invocation));
        return ExitCode.OK;
    }
}
