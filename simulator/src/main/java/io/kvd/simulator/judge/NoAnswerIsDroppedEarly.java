package io.kvd.simulator.judge;

import io.kvd.core.client.Answer;
import io.kvd.core.client.Outcome;
import io.kvd.protocol.Code;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Operation;

/** A client that still waits for the answer to a write of its session is never told that it has it. */
final class NoAnswerIsDroppedEarly extends Judge {
    NoAnswerIsDroppedEarly() {
        super("answers are kept until they are confirmed", "thesis §6.3");
    }

    @Override
    public void completed(ClientHost client, Operation operation, Outcome<Answer> outcome) {
        boolean hasIt = outcome instanceof Outcome.Unknown<Answer> unknown
                && unknown.message().equals(Code.ALREADY_ANSWERED.name());
        check(!hasIt, "%s waits for %s and is told %s", client, operation, outcome);
    }
}
