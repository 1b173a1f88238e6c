package io.kvd.simulator.judge;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Operation;

/** A client that still waits for the answer to a write of its session is never told that it has it. */
final class NoAnswerIsDroppedEarly extends Judge {
    /** How the state machine puts it. */
    private static final String HAS_IT = "the client said that it has this answer";

    NoAnswerIsDroppedEarly() {
        super("answers are kept until they are confirmed", "thesis §6.3");
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        check(
                !outcome.toString().contains(HAS_IT),
                "%s waits for %s and is told %s",
                client,
                operation,
                outcome);
    }
}
