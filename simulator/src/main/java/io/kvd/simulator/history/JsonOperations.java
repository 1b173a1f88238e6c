package io.kvd.simulator.history;

import io.kvd.core.base.Bytes;
import io.kvd.simulator.history.Operation.Expected;

import java.util.ArrayList;
import java.util.List;

/** Operations and their answers as JSON fields. A revision that was not told is left out. */
final class JsonOperations {
    private static final List<String> PART_FIELDS =
            List.of("op", "key", "key64", "value", "value64");

    private JsonOperations() {}

    static void write(Operation operation, JsonLine line) {
        if (operation instanceof Operation.Get get) {
            line.text("op", "get");
            line.bytes("key", get.key());
        } else if (operation instanceof Operation.Put put) {
            line.text("op", "put");
            line.bytes("key", put.key());
            line.bytes("value", put.value());
        } else if (operation instanceof Operation.Append append) {
            line.text("op", "append");
            line.bytes("key", append.key());
            line.bytes("value", append.suffix());
        } else if (operation instanceof Operation.Delete delete) {
            line.text("op", "delete");
            line.bytes("key", delete.key());
        } else if (operation instanceof Operation.CompareAndSet cas) {
            line.text("op", "cas");
            line.bytes("key", cas.key());
            if (cas.expected() instanceof Expected.Value expected) {
                line.bytes("expected", expected.value());
            } else {
                line.whole("expected", ((Expected.Revision) cas.expected()).revision());
            }
            line.bytes("value", cas.value());
        } else if (operation instanceof Operation.Range range) {
            line.text("op", "range");
            line.bytes("key", range.from());
            line.bytes("end", range.end());
        } else if (operation instanceof Operation.Batch batch) {
            line.text("op", "batch");
            line.objects("ops", batch.parts(), JsonOperations::write);
        } else {
            throw new AssertionError("unhandled " + operation);
        }
    }

    static Operation operation(JsonFields fields) {
        String op = fields.text("op");
        return switch (op) {
            case "range" ->
                new Operation.Range(
                        fields.bytes("key"),
                        fields.has("end64") || fields.has("end")
                                ? fields.bytes("end")
                                : Bytes.EMPTY);
            case "cas" ->
                new Operation.CompareAndSet(
                        fields.bytes("key"), expected(fields), fields.bytes("value"));
            case "batch" -> {
                List<Operation> parts = new ArrayList<>();
                for (Json part : fields.array("ops")) {
                    JsonFields of = JsonFields.of(part);
                    of.refuseOthers(PART_FIELDS);
                    parts.add(onOneKey(of.text("op"), of));
                }
                yield new Operation.Batch(parts);
            }
            default -> onOneKey(op, fields);
        };
    }

    private static Operation onOneKey(String op, JsonFields fields) {
        return switch (op) {
            case "get" -> new Operation.Get(fields.bytes("key"));
            case "put" -> new Operation.Put(fields.bytes("key"), fields.bytes("value"));
            case "append" -> new Operation.Append(fields.bytes("key"), fields.bytes("value"));
            case "delete" -> new Operation.Delete(fields.bytes("key"));
            default -> throw new Malformed("no such \"op\" here: " + op);
        };
    }

    private static Expected expected(JsonFields fields) {
        if (!(fields.get("expected") instanceof Json.Whole revision)) {
            return new Expected.Value(fields.bytes("expected"));
        }
        if (revision.value() < 0) {
            throw new Malformed("\"expected\" is a revision below 0");
        }
        return new Expected.Revision(revision.value());
    }

    static void write(Response response, JsonLine line) {
        if (response instanceof Response.Absent) {
            line.absent("result");
        } else {
            JsonLine result = new JsonLine();
            writeFields(response, result);
            line.object("result", result);
        }
    }

    private static void writeFields(Response response, JsonLine line) {
        if (response instanceof Response.Found found) {
            line.bytes("value", found.value());
            revision(found.revision(), line);
        } else if (response instanceof Response.Written written) {
            revision(written.revision(), line);
        } else if (response instanceof Response.Deleted deleted) {
            line.truth("existed", deleted.existed());
            revision(deleted.revision(), line);
        } else if (response instanceof Response.Compared compared) {
            line.truth("succeeded", compared.succeeded());
            revision(compared.revision(), line);
        } else if (response instanceof Response.Rows rows) {
            line.objects("rows", rows.rows(), (row, item) -> {
                item.bytes("key", row.key());
                item.bytes("value", row.value());
                revision(row.revision(), item);
            });
            line.truth("more", rows.more());
        } else if (response instanceof Response.Batched batched) {
            line.objects("results", batched.parts(), JsonOperations::write);
        } else {
            throw new AssertionError("unhandled " + response);
        }
    }

    private static void revision(long revision, JsonLine line) {
        if (revision != Response.NOT_TOLD) {
            line.whole("revision", revision);
        }
    }

    static Response response(Operation operation, JsonFields fields) {
        if (operation instanceof Operation.Get) {
            return fields.has("result") ? found(fields.object("result")) : new Response.Absent();
        }
        if (operation instanceof Operation.Put || operation instanceof Operation.Append) {
            return fields.has("result")
                    ? new Response.Written(revision(fields.object("result"), List.of()))
                    : new Response.Written(Response.NOT_TOLD);
        }
        JsonFields result = fields.object("result");
        if (operation instanceof Operation.Delete) {
            return new Response.Deleted(
                    result.truth("existed"), revision(result, List.of("existed")));
        }
        if (operation instanceof Operation.CompareAndSet) {
            Response compared = new Response.Compared(
                    result.truth("succeeded"), revision(result, List.of("succeeded")));
            if (!compared.answers(operation)) {
                throw new Malformed(
                        "a compare-and-set by revision that did not succeed must say the current"
                                + " \"revision\"");
            }
            return compared;
        }
        return operation instanceof Operation.Batch batch ? batched(batch, result) : rows(result);
    }

    private static Response found(JsonFields result) {
        return new Response.Found(
                result.bytes("value"), revision(result, List.of("value", "value64")));
    }

    private static Response rows(JsonFields result) {
        result.refuseOthers(List.of("rows", "more"));
        List<Response.Row> rows = new ArrayList<>();
        for (Json item : result.array("rows")) {
            JsonFields row = JsonFields.of(item);
            rows.add(new Response.Row(
                    row.bytes("key"),
                    row.bytes("value"),
                    revision(row, List.of("key", "key64", "value", "value64"))));
        }
        return new Response.Rows(rows, result.has("more") && result.truth("more"));
    }

    private static Response batched(Operation.Batch batch, JsonFields result) {
        result.refuseOthers(List.of("results"));
        List<Json> items = result.array("results");
        if (items.size() != batch.parts().size()) {
            throw new Malformed("a batch of " + batch.parts().size() + " \"ops\" has "
                    + items.size() + " \"results\"");
        }
        List<Response> parts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            JsonFields part = JsonFields.of(items.get(i));
            part.refuseOthers(List.of("result"));
            parts.add(response(batch.parts().get(i), part));
        }
        return new Response.Batched(parts);
    }

    private static long revision(JsonFields result, List<String> beside) {
        List<String> known = new ArrayList<>(beside);
        known.add("revision");
        result.refuseOthers(known);
        long revision = result.wholeOr("revision", Response.NOT_TOLD);
        if (result.has("revision") && revision < 0) {
            throw new Malformed("\"revision\" is below 0");
        }
        return revision;
    }
}
