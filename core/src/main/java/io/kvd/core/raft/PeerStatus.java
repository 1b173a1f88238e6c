package io.kvd.core.raft;

/**
 * What a leader tells operators of one other member.
 *
 * @param matchIndex highest index known to be persisted there; 0 until its first acceptance in this
 *     term
 * @param ticksSinceAnswer ticks since it last answered, or since this leader took office
 * @param belowLogStart whether it needs entries that this leader's log no longer has, so that only
 *     a snapshot helps
 * @param inflightBytes entries sent and not answered; 0 while the logs' common prefix is looked for
 */
public record PeerStatus(
        long nodeId,
        long matchIndex,
        long ticksSinceAnswer,
        boolean belowLogStart,
        long inflightBytes) {}
