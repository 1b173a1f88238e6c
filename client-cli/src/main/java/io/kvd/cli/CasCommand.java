package io.kvd.cli;

import io.kvd.client.CompareAndSet;
import io.kvd.client.Operations;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

/** {@code kvctl cas KEY VALUE --rev R}. */
final class CasCommand extends ExchangeCommand {
    static final String NAME = "cas";

    @Override
    public Usage usage() {
        return new Usage(
                        NAME,
                        "Put a value if the key was not changed since. Exit code 4 if it was.")
                .parameter("KEY", "The key.", Usage.Need.REQUIRED)
                .parameter(
                        "VALUE", "The value, - for standard input, or @FILE.", Usage.Need.REQUIRED)
                .option(Usage.Option.requiredValue(
                        "REVISION",
                        "The modRevision that the key must have; 0 = it must be absent.",
                        "--rev"))
                .examples(
                        "kvctl get stock -o json        shows the modRevision",
                        "kvctl cas stock 41 --rev 17    only if that is still 17",
                        "kvctl cas leader me --rev 0    only if the key is absent");
    }

    @Override
    Exchange<CompareAndSet> exchange(Invocation invocation) {
        Bytes key = invocation.key(0);
        long expected = Numbers.parse("--rev", invocation.arguments().option("--rev"));
        return new Exchange<>(
                Operations.compareAndSet(
                        key,
                        expected,
                        invocation.value(1),
                        invocation.settings().callOptions()),
                Touch.write(key),
                answer -> print(invocation, key, expected, answer));
    }

    private static void print(
            Invocation invocation, Bytes key, long expected, Outcome.Ok<CompareAndSet> answer) {
        long current = answer.value().currentModRevision();
        if (!answer.value().succeeded()) {
            throw Failure.compareFailed(invocation.show(key), expected, current);
        }
        if (invocation.isJson()) {
            Json json =
                    new Json().beginObject().field("revision", answer.header().revision());
            invocation
                    .console()
                    .printLine(json.field("modRevision", current).endObject().toString());
        } else {
            invocation.say("OK  rev " + current);
        }
    }
}
