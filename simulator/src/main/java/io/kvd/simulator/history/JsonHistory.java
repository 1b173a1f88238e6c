package io.kvd.simulator.history;

import io.kvd.simulator.history.Invocation.Failed;
import io.kvd.simulator.history.Invocation.Ok;
import io.kvd.simulator.history.Invocation.Outcome;
import io.kvd.simulator.history.Invocation.Unknown;

import java.io.IOException;
import java.util.List;

/**
 * Our form of a history: one operation a line, as a JSON object (docs/testing.md, Histories).
 *
 * <pre>
 * {"client":1,"op":"put","key":"k","value":"v","call":10,"return":25,"status":"ok","result":{"revision":2}}
 * </pre>
 *
 * Bytes that are not UTF-8 are written in base64, and the field's name says so: {@code "value64"}.
 */
public final class JsonHistory {
    private static final List<String> FIELDS = List.of(
            "client",
            "op",
            "key",
            "key64",
            "value",
            "value64",
            "expected",
            "expected64",
            "end",
            "end64",
            "ops",
            "call",
            "return",
            "status",
            "result");

    private JsonHistory() {}

    /** Writes each operation on a line of its own. */
    public static void write(List<Invocation> history, Appendable out) throws IOException {
        for (Invocation invocation : history) {
            out.append(line(invocation)).append('\n');
        }
    }

    /** One operation, without the end of the line. */
    public static String line(Invocation invocation) {
        JsonLine line = new JsonLine();
        line.whole("client", invocation.client());
        JsonOperations.write(invocation.operation(), line);
        line.whole("call", invocation.callNanos());
        Outcome outcome = invocation.outcome();
        if (outcome.returnNanos() == Long.MAX_VALUE) {
            line.absent("return");
        } else {
            line.whole("return", outcome.returnNanos());
        }
        if (outcome instanceof Ok ok) {
            line.text("status", "ok");
            JsonOperations.write(ok.response(), line);
        } else {
            line.text("status", outcome instanceof Failed ? "fail" : "unknown");
        }
        return line.toString();
    }

    static Invocation parse(String line) {
        JsonFields fields = JsonFields.of(JsonText.parse(line));
        fields.refuseOthers(FIELDS);
        Operation operation = JsonOperations.operation(fields);
        long called = fields.whole("call");
        // Only of an unknown outcome may it be left out.
        String status = fields.text("status");
        long returned = status.equals("unknown")
                ? fields.wholeOr("return", Long.MAX_VALUE)
                : fields.whole("return");
        if (returned < called) {
            throw new Malformed("\"return\" " + returned + " is before \"call\" " + called);
        }
        Outcome outcome = switch (status) {
            case "ok" -> new Ok(JsonOperations.response(operation, fields), returned);
            case "fail" -> new Failed(returned);
            case "unknown" -> new Unknown(returned);
            default -> throw new Malformed("\"status\" is ok, fail or unknown");
        };
        return new Invocation(fields.whole("client"), operation, called, outcome);
    }
}
