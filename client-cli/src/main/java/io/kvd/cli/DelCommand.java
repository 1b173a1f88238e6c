package io.kvd.cli;

import io.kvd.client.Operations;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

/** {@code kvctl del KEY}. */
final class DelCommand extends ExchangeCommand {
    static final String NAME = "del";
    static final String HEADER = "Delete a key; one that is absent stays absent.";

    @Override
    public Usage usage() {
        return new Usage(NAME, "Delete a key; one that is absent stays absent.")
                .parameter("KEY", "The key.", Usage.Need.REQUIRED)
                .examples("kvctl del hello");
    }

    @Override
    Exchange<Long> exchange(Invocation invocation) {
        Bytes key = invocation.key(0);
        return new Exchange<>(
                Operations.delete(key, invocation.settings().callOptions()),
                Touch.write(key),
                answer -> print(invocation, answer));
    }

    private static void print(Invocation invocation, Outcome.Ok<Long> answer) {
        long revision = answer.header().revision();
        if (invocation.isJson()) {
            Json json = new Json()
                    .beginObject()
                    .field("revision", revision)
                    .field("deleted", answer.value());
            invocation.console().printLine(json.endObject().toString());
        } else {
            invocation.say("deleted " + answer.value() + "  rev " + revision);
        }
    }
}
