package io.kvd.server.admin;

import java.util.function.Supplier;

/** What one path answers to GET. Called on an admin thread, several at once. */
@FunctionalInterface
public interface Page {
    Answer answer();

    /** @param status HTTP's */
    record Answer(int status, String contentType, String body) {}

    static Page text(Supplier<String> body) {
        return () -> plain(200, body.get());
    }

    static Page json(Supplier<String> body) {
        return () -> new Answer(200, "application/json; charset=utf-8", body.get() + "\n");
    }

    /** 200 if there is nothing that speaks against it, else 503 and what does. */
    static Page healthy(Supplier<String> problem) {
        return () -> {
            String found = problem.get();
            return found.isEmpty() ? plain(200, "ok\n") : plain(503, found + "\n");
        };
    }

    static Answer plain(int status, String body) {
        return new Answer(status, "text/plain; charset=utf-8", body);
    }
}
