package io.kvd.cli;

import io.kvd.client.KeyRange;
import io.kvd.client.KeyValue;
import io.kvd.client.Operation;
import io.kvd.client.Operations;
import io.kvd.client.Page;
import io.kvd.core.client.Outcome;

/** {@code kvctl ls [PREFIX]}: prints page by page, so that no size is too large. */
final class LsCommand implements Command {
    static final String NAME = "ls";
    static final String ALIAS = "list";

    @Override
    public Usage usage() {
        return new Usage(NAME, "List keys and values in key order.")
                .alias(ALIAS)
                .description(
                        "A row a line; control characters are shown as \\n, \\t and so on. JSON is exact.")
                .parameter("PREFIX", "Only the keys that begin with it.", Usage.Need.OPTIONAL)
                .option(Usage.Option.value("N", "At most so many rows.", "--limit"))
                .option(Usage.Option.flag("Without the values.", "--keys-only"))
                .examples(
                        "kvctl ls",
                        "kvctl ls user/ --limit 10",
                        "kvctl ls user/ --keys-only",
                        "kvctl ls -o json");
    }

    @Override
    public ExitCode run(Invocation invocation) {
        String limit = invocation.arguments().option("--limit");
        long left = limit.isEmpty() ? Long.MAX_VALUE : Numbers.parse("--limit", limit);
        KeyRange range = KeyRange.prefix(
                invocation.settings().encoding().decode(invocation.arguments().parameter(0)));
        Rows.Columns columns = invocation.arguments().has("--keys-only")
                ? Rows.Columns.KEYS_ONLY
                : Rows.Columns.ALL;
        Listing listing = new Listing(invocation, columns);
        try (Caller caller = Caller.sessionless(invocation.settings())) {
            boolean more = left > 0;
            while (more) {
                Page page =
                        page(invocation, caller, scan(invocation, range, left, columns), listing);
                listing.print(page);
                left -= page.rows().size();
                more = page.more() && left > 0;
                range = more ? new KeyRange(page.next(), range.to()) : range;
            }
        }
        listing.end();
        return ExitCode.OK;
    }

    private static Operation<Page> scan(
            Invocation invocation, KeyRange range, long left, Rows.Columns columns) {
        long limit = left == Long.MAX_VALUE ? 0 : left;
        return columns == Rows.Columns.ALL
                ? Operations.scan(range, limit, invocation.settings().callOptions())
                : Operations.scanKeys(range, limit, invocation.settings().callOptions());
    }

    private static Page page(
            Invocation invocation, Caller caller, Operation<Page> scan, Listing listing) {
        Outcome<Page> outcome = invocation.call(caller, scan);
        if (outcome instanceof Outcome.Ok<Page> ok) {
            return ok.value();
        }
        listing.breakOff();
        throw Failure.of(outcome, invocation.settings().tried());
    }

    /** The output as it grows. */
    private static final class Listing {
        private final Invocation invocation;
        private final Rows.Columns columns;
        private long rowCount;
        private boolean begun;

        Listing(Invocation invocation, Rows.Columns columns) {
            this.invocation = invocation;
            this.columns = columns;
        }

        void print(Page page) {
            Encoding encoding = invocation.settings().encoding();
            Console console = invocation.console();
            if (invocation.isTable()) {
                String table = Rows.table(page.rows(), columns, invocation.settings());
                console.print(begun ? table.substring(table.indexOf('\n') + 1) : table);
            } else if (invocation.isJson()) {
                printJson(page, encoding, console);
            } else {
                for (KeyValue row : page.rows()) {
                    String key = encoding.show(row.key());
                    console.printLine(
                            columns == Rows.Columns.ALL
                                    ? key + "\t" + encoding.show(row.value())
                                    : key);
                }
            }
            begun = true;
            rowCount += page.rows().size();
        }

        /** One object over all pages; its revision is the first page's. */
        private void printJson(Page page, Encoding encoding, Console console) {
            if (!begun) {
                console.print("{\"revision\":" + page.revision() + ",\"kvs\":[");
            }
            boolean first = rowCount == 0;
            for (KeyValue row : page.rows()) {
                Json json = new Json();
                Rows.write(json, row, columns, encoding);
                console.print(first ? json.toString() : "," + json);
                first = false;
            }
        }

        void end() {
            if (invocation.isJson()) {
                invocation.console().printLine(begun ? "]}" : "{\"kvs\":[]}");
            }
        }

        /** No more pages come, though there are more. */
        void breakOff() {
            if (invocation.isJson() && begun) {
                invocation.console().printLine("],\"complete\":false}");
            }
        }
    }
}
