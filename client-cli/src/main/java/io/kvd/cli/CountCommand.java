package io.kvd.cli;

import io.kvd.client.KeyRange;
import io.kvd.client.Operations;
import io.kvd.core.client.Outcome;

import picocli.CommandLine.Model.CommandSpec;

/** {@code kvctl count [--prefix P]}. */
final class CountCommand extends ExchangeCommand {
    static final String NAME = "count";
    static final String HEADER = "Print the number of keys.";

    @Override
    public CommandSpec spec() {
        return Specs.command(NAME, HEADER, "kvctl count", "kvctl count --prefix user/")
                .addOption(Specs.value("PREFIX", "Only the keys that begin with it.", "--prefix"));
    }

    @Override
    Exchange<Long> exchange(Invocation invocation) {
        KeyRange range = KeyRange.prefix(
                invocation.settings().encoding().decode(invocation.option("--prefix")));
        return new Exchange<>(
                Operations.count(range, invocation.settings().callOptions()),
                Touch.read(range),
                answer -> print(invocation, answer));
    }

    private static void print(Invocation invocation, Outcome.Ok<Long> answer) {
        if (invocation.isJson()) {
            Json json =
                    new Json().beginObject().field("revision", answer.header().revision());
            invocation
                    .console()
                    .printLine(json.field("count", answer.value()).endObject().toString());
        } else {
            invocation.console().printLine(Long.toString(answer.value()));
        }
    }
}
