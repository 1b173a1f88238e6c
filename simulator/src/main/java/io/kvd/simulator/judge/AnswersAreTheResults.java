package io.kvd.simulator.judge;

import io.kvd.core.base.Bytes;
import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;
import io.kvd.protocol.Request;
import io.kvd.protocol.Result;
import io.kvd.simulator.world.ClientHost;

/**
 * A write that is acknowledged was committed and executed, once, and every answer to it, a retry's included, is what
 * that execution came to.
 */
final class AnswersAreTheResults extends Judge {
    private final Meaning meaning;

    AnswersAreTheResults(Meaning meaning) {
        super("acknowledged writes are committed and executed once", "thesis §6.3");
        this.meaning = meaning;
    }

    @Override
    public void answered(ClientHost client, Request request, Reply reply) {
        if (!request.hasCommand() || reply.getCode() != Code.OK) {
            return;
        }
        Result answer = resultOf(reply);
        boolean matches;
        if (request.getSessionId() != 0) {
            Meaning.WriteId id = new Meaning.WriteId(request.getSessionId(), request.getSequence());
            matches =
                    meaning.executionOf(id).map(result -> equal(result, answer)).orElse(false);
        } else {
            Bytes command = Bytes.of(request.getCommand().toByteArray());
            matches = meaning.executionsOf(command).stream().anyMatch(r -> equal(r, answer));
        }
        if (!matches) {
            throw violation(
                    "%s was answered %s to session %d sequence %d, which no committed entry came to",
                    client, answer, request.getSessionId(), request.getSequence());
        }
        held();
    }

    // But for what it tells people.
    private static boolean equal(Result one, Result other) {
        return one.toBuilder()
                .clearMessage()
                .build()
                .equals(other.toBuilder().clearMessage().build());
    }
}
