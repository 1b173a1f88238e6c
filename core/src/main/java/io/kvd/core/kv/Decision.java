package io.kvd.core.kv;

import io.kvd.protocol.Code;
import io.kvd.protocol.Result;

import java.util.List;

/**
 * What a command comes to, worked out before anything is changed: effects and an answer, or a refusal without effects.
 *
 * @param effects in order
 * @param result the whole answer; its revision is the keyspace's after the effects
 */
record Decision(List<Effect> effects, Result result) {
    Decision {
        effects = List.copyOf(effects);
    }

    static Decision changed(Effect effect, long revision, Result.Builder result) {
        return changed(List.of(effect), revision, result);
    }

    static Decision changed(List<Effect> effects, long revision, Result.Builder result) {
        return new Decision(
                effects, result.setCode(Code.OK).setRevision(revision).build());
    }

    static Decision unchanged(long revision, Result.Builder result) {
        return changed(List.of(), revision, result);
    }

    /** The sentence is for people, and constant text: it is part of the answer's bytes for ever. */
    static Decision refused(Code code, String sentence, long revision) {
        return new Decision(
                List.of(),
                Result.newBuilder()
                        .setCode(code)
                        .setRevision(revision)
                        .setMessage(sentence)
                        .build());
    }
}
