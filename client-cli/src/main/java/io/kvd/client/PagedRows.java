package io.kvd.client;

import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;

/** Iterates over the rows of a range; asks for the next page when the last one is used up. Owned by one thread. */
final class PagedRows implements Iterator<KeyValue> {
    private final AsyncKvdClient client;
    private final CallOptions options;
    private final KeyRange range;
    private Iterator<KeyValue> rows;
    private KeyRange rest;
    private boolean more = true;

    PagedRows(AsyncKvdClient client, CallOptions options, KeyRange range) {
        this.client = client;
        this.options = options;
        this.range = range;
        this.rest = range;
        this.rows = Collections.emptyIterator();
    }

    @Override
    public boolean hasNext() {
        while (!rows.hasNext() && more) {
            Page page = client.call(Operations.scan(rest, 0, options));
            rows = page.rows().iterator();
            more = page.more();
            if (more) {
                rest = new KeyRange(page.next(), range.to());
            }
        }
        return rows.hasNext();
    }

    @Override
    public KeyValue next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the range is read to its end");
        }
        return rows.next();
    }
}
