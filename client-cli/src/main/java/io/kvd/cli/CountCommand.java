package io.kvd.cli;

import io.kvd.client.KeyRange;
import io.kvd.client.Operations;
import io.kvd.core.client.Outcome;

/** {@code kvctl count [--prefix P]}. */
final class CountCommand extends ExchangeCommand {
    static final String NAME = "count";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Print the number of keys.")
                .option(Usage.Option.value(
                        "PREFIX", "Only the keys that begin with it.", "--prefix"))
                .examples("kvctl count", "kvctl count --prefix user/");
    }

    @Override
    Exchange<Long> exchange(Invocation invocation) {
        KeyRange range = KeyRange.prefix(
                invocation.settings().encoding().decode(invocation.arguments().option("--prefix")));
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
