package io.kvd.server.runtime;

import java.util.ArrayDeque;

/** What was opened, closed again in the opposite order, each however the others fare. Owned by one thread. */
final class Resources implements AutoCloseable {
    private final ArrayDeque<AutoCloseable> opened = new ArrayDeque<>();

    <R extends AutoCloseable> R add(R resource) {
        opened.push(resource);
        return resource;
    }

    @Override
    public void close() {
        RuntimeException first = new IllegalStateException("closing failed");
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception failure) {
                first.addSuppressed(failure);
            }
        }
        if (first.getSuppressed().length > 0) {
            throw first;
        }
    }
}
