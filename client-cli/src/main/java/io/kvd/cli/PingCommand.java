package io.kvd.cli;

import io.kvd.client.Operations;
import io.kvd.core.client.Outcome;

import java.util.ArrayList;
import java.util.List;

/** {@code kvctl ping}: asks each endpoint for a sign of life. */
final class PingCommand implements Command {
    static final String NAME = "ping";

    private static final long NANOS_PER_MICRO = 1_000;

    @Override
    public Usage usage() {
        return new Usage(NAME, "See whether each endpoint answers. Exit code 5 if one doesn't.")
                .examples("kvctl ping", "kvctl -e n1:7400,n2:7400 ping");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        Settings settings = invocation.settings();
        List<Failure> failures = new ArrayList<>();
        try (Caller caller = Caller.sessionless(settings)) {
            for (String address : settings.endpoints()) {
                long startNanos = System.nanoTime();
                Outcome<String> outcome =
                        caller.call(Operations.ping(address, settings.callOptions()));
                long micros = (System.nanoTime() - startNanos) / NANOS_PER_MICRO;
                if (outcome instanceof Outcome.Ok<String> ok) {
                    print(invocation, address, ok.value(), micros);
                } else {
                    failures.add(Failure.of(outcome, settings.tried()));
                }
            }
        }
        for (int i = 1; i < failures.size(); i++) {
            failures.get(i).print(settings.output(), invocation.console());
        }
        if (!failures.isEmpty()) {
            throw failures.get(0);
        }
        return ExitCode.OK;
    }

    /** The time includes that of connecting. */
    private static void print(Invocation invocation, String address, String program, long micros) {
        if (invocation.isJson()) {
            Json json =
                    new Json().beginObject().field("address", address).field("program", program);
            invocation
                    .console()
                    .printLine(json.field("micros", micros).endObject().toString());
        } else {
            invocation.say(address + "  " + program + "  " + micros / 1_000 + "."
                    + micros % 1_000 / 100 + " ms");
        }
    }
}
