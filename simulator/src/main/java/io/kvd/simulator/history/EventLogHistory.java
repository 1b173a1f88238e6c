package io.kvd.simulator.history;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Operation.Append;
import io.kvd.simulator.history.Operation.Get;
import io.kvd.simulator.history.Operation.Put;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A log of events, one a line, in the order in which they happened, as tests in the manner of Jepsen write it:
 * {@code {:process 1, :type :invoke, :f :put, :key "k", :value "v"}}. Type {@code :info} is an unknown outcome. A key
 * that holds nothing reads as {@code ""} or {@code nil}; so nobody may write the empty value.
 */
final class EventLogHistory {
    private static final Pattern EVENT = Pattern.compile(
            "\\{:process (\\d{1,18}), :type :(invoke|ok|fail|info), :f :(get|put|append),"
                    + " :key \"([^\"\\\\]*+)\", :value (?:nil|\"([^\"\\\\]*+)\")\\}");

    private final History history = new History();
    private final Map<Long, Open> openByProcess = new HashMap<>();

    /** The operation under way of a process. */
    private record Open(long id, String function, String key) {}

    /** @param time of the event: any number that grows from line to line */
    void add(String line, long time) {
        Matcher event = EVENT.matcher(line);
        if (!event.matches()) {
            throw new Malformed("not of the form {:process 1, :type :invoke, :f :put, :key \"k\","
                    + " :value \"v\"}");
        }
        long process = Long.parseLong(event.group(1));
        String type = event.group(2);
        String function = event.group(3);
        String key = event.group(4);
        String value = event.group(5) == null ? "" : event.group(5);
        if (type.equals("invoke")) {
            if (openByProcess.containsKey(process)) {
                throw new Malformed("process " + process + " has an operation under way");
            }
            long id = history.call(process, operation(function, Bytes.utf8(key), value), time);
            openByProcess.put(process, new Open(id, function, key));
            return;
        }
        Open open = openByProcess.remove(process);
        if (open == null || !open.function().equals(function) || !open.key().equals(key)) {
            throw new Malformed("process " + process + " has no such operation under way");
        }
        switch (type) {
            case "ok" -> history.ok(open.id(), response(function, value), time);
            case "fail" -> history.fail(open.id(), time);
            default -> history.unknown(open.id(), time);
        }
    }

    List<Invocation> invocations() {
        return history.invocations();
    }

    private static Operation operation(String function, Bytes key, String value) {
        if (function.equals("get")) {
            return new Get(key);
        }
        if (value.isEmpty()) {
            throw new Malformed("the empty value can't be told from none");
        }
        return function.equals("put")
                ? new Put(key, Bytes.utf8(value))
                : new Append(key, Bytes.utf8(value));
    }

    private static Response response(String function, String value) {
        if (!function.equals("get")) {
            return new Response.Written(Response.NOT_TOLD);
        }
        return value.isEmpty()
                ? new Response.Absent()
                : new Response.Found(Bytes.utf8(value), Response.NOT_TOLD);
    }
}
