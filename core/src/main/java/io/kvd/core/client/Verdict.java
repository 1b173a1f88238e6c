package io.kvd.core.client;

/** What a reply means for the call it answers; see {@link Judge}. */
sealed interface Verdict {

    /** The call is over. */
    record Done(Outcome<Answer> outcome) implements Verdict {}

    /** This attempt brought nothing; the next one may. */
    record Again(When when, Outcome.Reason trouble, String text, long retryAfterMs)
            implements Verdict {}

    /** The session of this write is expired: this attempt was not applied, and no later one will be. */
    record SessionGone(String text) implements Verdict {}

    enum When {
        /** Another node may do better. */
        NOW,
        /** After a back-off. */
        LATER,
        /** After a back-off, and this attempt may have been applied. */
        LATER_MAYBE_APPLIED
    }
}
