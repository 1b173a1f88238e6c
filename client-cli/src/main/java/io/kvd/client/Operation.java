package io.kvd.client;

import io.kvd.core.client.Answer;
import io.kvd.core.client.ClientCall;
import io.kvd.core.client.Outcome;

import java.util.function.Function;

/**
 * An operation as a value: what to send, and how to read the answer. Made by {@link Operations}.
 *
 * @param reader of a served call's answer
 */
public record Operation<T>(ClientCall call, Function<Answer, T> reader) {

    /** What the outcome of the call means in the words of this operation. */
    public Outcome<T> read(Outcome<Answer> outcome) {
        if (outcome instanceof Outcome.Ok<Answer> ok && ok.value().result().hasDropped()) {
            // The write was applied at an earlier try, but its answer was too large for the session
            // to keep.
            return new Outcome.Unknown<>(
                    "applied by revision " + ok.header().revision() + ", but the answer is lost");
        }
        return outcome.map(reader);
    }
}
