package io.kvd.core.kv;

import io.kvd.protocol.Code;
import io.kvd.protocol.Result;

import java.util.List;

/**
 * What a command comes to, worked out before anything is changed. Either effects and an answer, or a refusal without
 * effects.
 *
 * @param result the answer but for the revision, which is the keyspace's after the effects
 */
record Decision(List<Effect> effects, Result.Builder result) {

    static Decision of(Effect effect, Result.Builder result) {
        return new Decision(List.of(effect), result.setCode(Code.OK));
    }

    static Decision of(List<Effect> effects, Result.Builder result) {
        return new Decision(List.copyOf(effects), result.setCode(Code.OK));
    }

    static Decision unchanged(Result.Builder result) {
        return new Decision(List.of(), result.setCode(Code.OK));
    }

    /** The sentence is for people, and constant text: it is part of the answer's bytes for ever. */
    static Decision refused(Code code, String sentence) {
        return new Decision(List.of(), Result.newBuilder().setCode(code).setMessage(sentence));
    }

    /** The answer, once the effects are done. */
    Answer answer(long revision) {
        return Answer.of(result.setRevision(revision).build());
    }
}
