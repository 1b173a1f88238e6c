package io.kvd.core.client;

import io.kvd.core.base.Check;

import java.util.List;

/**
 * What users choose. The rest are constants of {@link ClientCore}, {@link Backoff} and {@link Session}.
 *
 * @param endpoints host:port of one node or more, in order of preference
 * @param program name and version of this program, for the servers' logs
 * @param sessionTtlMs log time without a write or keep-alive after which the cluster may expire our session
 */
public record ClientOptions(
        List<String> endpoints,
        String program,
        long sessionTtlMs,
        WhenUnreachable whenUnreachable,
        Discovery discovery) {

    public static final long DEFAULT_SESSION_TTL_MS = 60_000;

    /** What to do with a call while no known address takes a connection. */
    public enum WhenUnreachable {
        /** Dial again until the call's deadline: for programs that outlive a restart of the servers. */
        KEEP_TRYING,
        /** End it once every address was tried in vain: for people who wait at a prompt. */
        GIVE_UP
    }

    /** Whether to ask the first node that is reached for the other members' addresses. */
    public enum Discovery {
        MEMBERS,
        NONE
    }

    public ClientOptions {
        Check.that(!endpoints.isEmpty(), "no endpoints");
        Check.that(sessionTtlMs > 0, "session TTL of %d ms", sessionTtlMs);
        endpoints = List.copyOf(endpoints);
    }

    /** For a long-lived program that may start with only one of the members' addresses. */
    public static ClientOptions of(List<String> endpoints) {
        return new ClientOptions(
                endpoints,
                "kvd-client",
                DEFAULT_SESSION_TTL_MS,
                WhenUnreachable.KEEP_TRYING,
                Discovery.MEMBERS);
    }
}
