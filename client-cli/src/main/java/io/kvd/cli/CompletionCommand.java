package io.kvd.cli;

/** {@code kvctl completion SHELL}. */
final class CompletionCommand implements Command {
    static final String NAME = "completion";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Print a script that completes kvctl's words in bash or zsh.")
                .parameter("SHELL", "bash or zsh.", Usage.Need.REQUIRED)
                .examples(
                        "source <(kvctl completion bash)    for this shell",
                        "kvctl completion bash > ~/.local/share/bash-completion/completions/kvctl",
                        "source <(kvctl completion zsh)");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        String shell = invocation.arguments().parameter(0);
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw Failure.usage("no completion for the shell " + shell, "kvctl completion bash");
        }
        // One script serves both: it turns zsh's emulation of bash completion on.
        invocation.console().print(PicocliParser.completion());
        return ExitCode.OK;
    }
}
