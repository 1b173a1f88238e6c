package io.kvd.cli;

import io.kvd.client.CompareAndSet;
import io.kvd.client.Operations;
import io.kvd.core.base.Bytes;
import io.kvd.core.client.Outcome;

import picocli.CommandLine.Model.CommandSpec;

/** {@code kvctl cas KEY VALUE --rev R}. */
final class CasCommand extends ExchangeCommand {
    static final String NAME = "cas";
    static final String HEADER =
            "Put a value if the key was not changed since. Exit code 4 if it was.";

    @Override
    public CommandSpec spec() {
        return Specs.command(
                        NAME,
                        HEADER,
                        "kvctl get stock -o json                  shows the modRevision",
                        "kvctl cas stock 41 --rev 17              only if that is still 17",
                        "kvctl cas leader me --rev 0              only if the key is absent")
                .addPositional(Specs.required(0, "KEY", "The key."))
                .addPositional(
                        Specs.required(1, "VALUE", "The value, - for standard input, or @FILE."))
                .addOption(Specs.requiredValue(
                        "REVISION",
                        "The modRevision that the key must have; 0 = it must be absent.",
                        "--rev"));
    }

    @Override
    Exchange<CompareAndSet> exchange(Invocation invocation) {
        Bytes key = invocation.key(0);
        long expected = Numbers.parse("--rev", invocation.option("--rev"));
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
