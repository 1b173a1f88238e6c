package io.kvd.simulator.history;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Operation.Expected;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Operations as people read them. Not for parsing: long values are cut. */
public final class HistoryText {
    private static final int MAX_CHARACTERS = 60;

    private HistoryText() {}

    /** Who did what when, and what came of it; times in ns. */
    public static String of(Invocation invocation) {
        String times = "[%d .. %s]"
                .formatted(
                        invocation.callNanos(),
                        invocation.outcome() instanceof Invocation.Unknown
                                ? ""
                                : String.valueOf(invocation.outcome().returnNanos()));
        return "client %d  %s %s  %s"
                .formatted(
                        invocation.client(),
                        times,
                        of(invocation.operation()),
                        of(invocation.outcome()));
    }

    /** A key or value: as text if it is some, else in hexadecimal. */
    public static String of(Bytes bytes) {
        String text = bytes.toUtf8();
        boolean isText = Bytes.of(text.getBytes(StandardCharsets.UTF_8)).equals(bytes)
                && text.codePoints().noneMatch(Character::isISOControl);
        if (!isText) {
            return bytes.toString();
        }
        return text.length() <= MAX_CHARACTERS
                ? '"' + text + '"'
                // The end, since that is where appended values differ.
                : "\"...%s\" (%d bytes)"
                        .formatted(text.substring(text.length() - MAX_CHARACTERS), bytes.length());
    }

    private static String of(Operation operation) {
        if (operation instanceof Operation.Get get) {
            return "get " + of(get.key());
        }
        if (operation instanceof Operation.Put put) {
            return "put " + of(put.key()) + " " + of(put.value());
        }
        if (operation instanceof Operation.Append append) {
            return "append " + of(append.key()) + " " + of(append.suffix());
        }
        if (operation instanceof Operation.Delete delete) {
            return "delete " + of(delete.key());
        }
        if (operation instanceof Operation.CompareAndSet cas) {
            return "cas %s from %s to %s"
                    .formatted(of(cas.key()), of(cas.expected()), of(cas.value()));
        }
        if (operation instanceof Operation.Range range) {
            return "range from " + of(range.from())
                    + (range.end().isEmpty() ? "" : " to " + of(range.end()));
        }
        if (operation instanceof Operation.Batch batch) {
            return batch.parts().stream()
                    .map(HistoryText::of)
                    .collect(Collectors.joining("; ", "batch (", ")"));
        }
        throw new AssertionError("unhandled " + operation);
    }

    private static String of(Expected expected) {
        return expected instanceof Expected.Value value
                ? of(value.value())
                : "revision " + ((Expected.Revision) expected).revision();
    }

    private static String of(Invocation.Outcome outcome) {
        if (outcome instanceof Invocation.Ok ok) {
            return "-> " + of(ok.response());
        }
        return outcome instanceof Invocation.Failed ? "failed" : "outcome unknown";
    }

    private static String of(Response response) {
        if (response instanceof Response.Absent) {
            return "absent";
        }
        if (response instanceof Response.Found found) {
            return of(found.value()) + revision(found.revision());
        }
        if (response instanceof Response.Written written) {
            return "ok" + revision(written.revision());
        }
        if (response instanceof Response.Deleted deleted) {
            return deleted.existed() ? "deleted" + revision(deleted.revision()) : "was absent";
        }
        if (response instanceof Response.Compared compared) {
            return (compared.succeeded() ? "ok" : "no match") + revision(compared.revision());
        }
        if (response instanceof Response.Rows rows) {
            return rows.rows().stream()
                    .map(row -> of(row.key()) + "=" + of(row.value()) + revision(row.revision()))
                    .collect(Collectors.joining(", ", "(", rows.more() ? ", more)" : ")"));
        }
        if (response instanceof Response.Batched batched) {
            return batched.parts().stream()
                    .map(HistoryText::of)
                    .collect(Collectors.joining("; ", "(", ")"));
        }
        throw new AssertionError("unhandled " + response);
    }

    private static String revision(long revision) {
        return revision == Response.NOT_TOLD ? "" : " rev " + revision;
    }
}
