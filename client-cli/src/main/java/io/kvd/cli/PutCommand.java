package io.kvd.cli;

import io.kvd.client.Operations;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import picocli.CommandLine.Model.CommandSpec;

/** {@code kvctl put KEY VALUE}. */
final class PutCommand extends ExchangeCommand {
    static final String NAME = "put";
    static final String HEADER = "Put a value, whether or not the key exists.";

    @Override
    public CommandSpec spec() {
        return Specs.command(
                        NAME,
                        HEADER,
                        "kvctl put hello world",
                        "kvctl put conf/site @site.json       the content of a file",
                        "date | kvctl put now -               standard input",
                        "kvctl put mail @@home                a value that begins with @")
                .addPositional(Specs.required(0, "KEY", "The key."))
                .addPositional(
                        Specs.required(1, "VALUE", "The value, - for standard input, or @FILE."));
    }

    @Override
    Exchange<Long> exchange(Invocation invocation) {
        Bytes key = invocation.key(0);
        return new Exchange<>(
                Operations.put(key, invocation.value(1), invocation.settings().callOptions()),
                Touch.write(key),
                answer -> print(invocation, answer));
    }

    private static void print(Invocation invocation, Outcome.Ok<Long> answer) {
        if (invocation.isJson()) {
            invocation
                    .console()
                    .printLine(new Json()
                            .beginObject()
                            .field("revision", answer.value())
                            .endObject()
                            .toString());
        } else {
            invocation.say("OK  rev " + answer.value());
        }
    }
}
