package io.kvd.cli;

import io.kvd.client.KeyValue;
import io.kvd.client.Operations;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import java.util.List;
import java.util.Optional;

/** {@code kvctl get KEY}. */
final class GetCommand extends ExchangeCommand {
    static final String NAME = "get";

    @Override
    public Usage usage() {
        return new Usage(
                        NAME,
                        "Print the value of a key, and nothing else. Exit code 3 if it is absent.")
                .description(
                        "In JSON, a key or value that is not UTF-8 is in base64, and a field keyEncoding or"
                                + " valueEncoding beside it says so.")
                .parameter("KEY", "The key.", Usage.Need.REQUIRED)
                .examples(
                        "kvctl get hello",
                        "kvctl get conf/site > site.json      byte for byte",
                        "kvctl get hello -o json              with its revisions",
                        "kvctl get hello --consistency stale  from any node, even without a leader");
    }

    @Override
    Exchange<Optional<KeyValue>> exchange(Invocation invocation) {
        Bytes key = invocation.key(0);
        return new Exchange<>(
                Operations.get(key, invocation.settings().callOptions()),
                Touch.read(key),
                answer -> print(invocation, key, answer));
    }

    private static void print(
            Invocation invocation, Bytes key, Outcome.Ok<Optional<KeyValue>> answer) {
        if (answer.value().isEmpty()) {
            throw Failure.keyNotFound(invocation.show(key));
        }
        KeyValue row = answer.value().get();
        Encoding encoding = invocation.settings().encoding();
        Console console = invocation.console();
        if (invocation.isJson()) {
            Json json =
                    new Json().beginObject().field("revision", answer.header().revision());
            json.name("kvs").beginArray();
            Rows.write(json, row, Rows.Columns.ALL, encoding);
            console.printLine(json.endArray().endObject().toString());
        } else if (invocation.isTable()) {
            console.print(Rows.table(List.of(row), Rows.Columns.ALL, invocation.settings()));
        } else {
            console.print(encoding.encode(row.value()));
            if (console.isTerminal() || invocation.isBatch()) {
                console.print("\n");
            }
        }
    }
}
