package io.kvd.simulator.world;

import io.kvd.core.client.ClientOptions;
import io.kvd.core.kv.SessionRules;

/**
 * What differs between sessions of one run and of another.
 *
 * @param ttlMs of every client's session
 * @param maxInlineBytes of an answer that is kept in its session's row; larger ones have rows of their own
 */
public record SessionKnobs(long ttlMs, int maxInlineBytes) {
    public static final SessionKnobs USUAL = of(ClientOptions.DEFAULT_SESSION_TTL_MS);

    /** With rows as usual. */
    public static SessionKnobs of(long ttlMs) {
        return new SessionKnobs(ttlMs, SessionRules.LEVEL_1.replies().maxInlineBytes());
    }

    SessionRules rules() {
        return SessionRules.LEVEL_1.keepingInline(maxInlineBytes);
    }
}
