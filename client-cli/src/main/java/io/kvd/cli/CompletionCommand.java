package io.kvd.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;

/** {@code kvctl completion SHELL}. */
final class CompletionCommand implements Command {
    static final String NAME = "completion";
    static final String HEADER = "Print a script that completes kvctl's words in bash or zsh.";

    @Override
    public CommandSpec spec() {
        return Specs.command(
                        NAME,
                        HEADER,
                        "source <(kvctl completion bash)                   for this shell",
                        "kvctl completion bash > ~/.local/share/bash-completion/completions/kvctl",
                        "source <(kvctl completion zsh)")
                .addPositional(Specs.required(0, "SHELL", "bash or zsh."));
    }

    @Override
    public ExitCode run(Invocation invocation) {
        String shell = invocation.argument(0);
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw Failure.usage("no completion for the shell " + shell, "kvctl completion bash");
        }
        // One script serves both: it turns zsh's emulation of bash completion on.
        invocation.console().print(AutoComplete.bash("kvctl", Kvctl.fullSpec().commandLine()));
        return ExitCode.OK;
    }
}
