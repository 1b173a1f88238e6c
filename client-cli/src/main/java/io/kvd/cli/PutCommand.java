package io.kvd.cli;

import io.kvd.client.Operations;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

/** {@code kvctl put KEY VALUE}. */
final class PutCommand extends ExchangeCommand {
    static final String NAME = "put";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Put a value, whether or not the key exists.")
                .parameter("KEY", "The key.", Usage.Need.REQUIRED)
                .parameter(
                        "VALUE", "The value, - for standard input, or @FILE.", Usage.Need.REQUIRED)
                .examples(
                        "kvctl put hello world",
                        "kvctl put conf/site @site.json      the content of a file",
                        "date | kvctl put now -              standard input",
                        "kvctl put mail @@home               a value that begins with @");
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
