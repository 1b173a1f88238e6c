package io.kvd.cli;

import io.kvd.client.CallOptions;
import io.kvd.client.Consistency;
import io.kvd.client.io.Addresses;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the global options say. Flag over environment over default.
 *
 * @param endpointsOrigin where the endpoints come from, for messages
 */
record Settings(
        List<String> endpoints,
        String endpointsOrigin,
        Output output,
        CallOptions callOptions,
        Encoding encoding,
        Colour colour,
        Volume volume) {

    private static final String DEFAULT_ENDPOINT = "127.0.0.1:7400";
    /** What ":8080" is short for, here as in {@code kvd start --listen :8080}. */
    private static final String DEFAULT_HOST = "127.0.0.1";

    enum Output {
        SIMPLE,
        TABLE,
        JSON
    }

    enum Colour {
        ON,
        OFF
    }

    enum Volume {
        QUIET,
        NORMAL,
        VERBOSE
    }

    Settings {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * Reads the global options.
     *
     * @throws Failure one of them makes no sense
     */
    static Settings of(Arguments words, Console console) {
        String endpoints = words.option("--endpoints");
        String origin = "flag --endpoints";
        if (endpoints.isEmpty()) {
            endpoints = console.environment("KVCTL_ENDPOINTS");
            origin = "environment KVCTL_ENDPOINTS";
        }
        if (endpoints.isEmpty()) {
            endpoints = DEFAULT_ENDPOINT;
            origin = "default";
        }
        return new Settings(
                endpoints(endpoints, origin),
                origin,
                output(words.option("--output")),
                new CallOptions(
                        timeout(words.option("--timeout")),
                        consistency(words.option("--consistency")),
                        CallOptions.Writes.WITHOUT_SESSION),
                encoding(words),
                colour(words.option("--color"), console),
                volume(words));
    }

    /** For commands with several writes: exactly once, through a session. */
    Settings withSession() {
        CallOptions options = callOptions.withWrites(CallOptions.Writes.EXACTLY_ONCE);
        return new Settings(endpoints, endpointsOrigin, output, options, encoding, colour, volume);
    }

    /** "tried: 127.0.0.1:7400 (default)", the line under a failure to connect. */
    String tried() {
        return String.join(", ", endpoints) + " (" + endpointsOrigin + ")";
    }

    private static List<String> endpoints(String text, String origin) {
        List<String> endpoints = new ArrayList<>();
        int from = 0;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            String endpoint =
                    text.substring(from, comma < 0 ? text.length() : comma).trim();
            from = comma < 0 ? text.length() + 1 : comma + 1;
            String address = endpoint.startsWith(":") ? DEFAULT_HOST + endpoint : endpoint;
            if (!Addresses.isAddress(address)) {
                throw Failure.usage(
                        "not an address: '" + endpoint + "' (" + origin + ")",
                        "-e HOST:PORT, or -e :PORT on this machine");
            }
            endpoints.add(address);
        }
        return endpoints;
    }

    private static Duration timeout(String text) {
        return text.isEmpty() ? CallOptions.DEFAULT.timeout() : Durations.parse("--timeout", text);
    }

    private static Output output(String text) {
        return switch (text) {
            case "", "simple" -> Output.SIMPLE;
            case "table" -> Output.TABLE;
            case "json" -> Output.JSON;
            default ->
                throw Failure.usage(
                        "--output: no such form: " + text, "-o simple, -o table or -o json");
        };
    }

    private static Consistency consistency(String text) {
        if (text.isEmpty() || text.equals("linearizable")) {
            return Consistency.LINEARIZABLE;
        }
        if (text.equals("stale")) {
            return Consistency.STALE;
        }
        if (text.startsWith("at-least=")) {
            return new Consistency.AtLeast(
                    Numbers.parse("--consistency at-least", text.substring(9)));
        }
        if (text.startsWith("bounded=")) {
            return new Consistency.Bounded(
                    Durations.parse("--consistency bounded", text.substring(8)));
        }
        throw Failure.usage(
                "--consistency: no such level: " + text,
                "linearizable, stale, at-least=REVISION or bounded=DURATION");
    }

    private static Encoding encoding(Arguments words) {
        if (words.has("--hex") && words.has("--base64")) {
            throw Failure.usage("--hex and --base64 exclude each other");
        }
        if (words.has("--hex")) {
            return Encoding.HEX;
        }
        return words.has("--base64") ? Encoding.BASE64 : Encoding.PLAIN;
    }

    private static Colour colour(String text, Console console) {
        return switch (text) {
            case "", "auto" ->
                console.isTerminal() && console.environment("NO_COLOR").isEmpty()
                        ? Colour.ON
                        : Colour.OFF;
            case "always" -> Colour.ON;
            case "never" -> Colour.OFF;
            default -> throw Failure.usage("--color: not one of auto, always, never: " + text);
        };
    }

    private static Volume volume(Arguments words) {
        if (words.has("--quiet")) {
            return Volume.QUIET;
        }
        return words.has("--verbose") ? Volume.VERBOSE : Volume.NORMAL;
    }
}
