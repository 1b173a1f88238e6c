package io.kvd.bench.target;

/** Told once how a request ended, on a thread of the client, which must not be made to wait. */
public interface Completion {

    /** @param rows that were read; of a put, 0 */
    void succeeded(int rows);

    /** Also if the outcome is not known. */
    void failed(String reason);
}
