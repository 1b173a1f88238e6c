package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.Hash128;
import io.kvd.core.raft.EntryId;

/**
 * Reads a whole state and says what it is, after checking that every row can be read and that together they have the
 * hash that the state claims. For offline checks and tests; takes as long as reading all rows takes.
 *
 * @param groupId whose state it is
 * @param applied the last entry in it
 * @param revision of the keyspace
 * @param stateHash 16 bytes, as members compare it
 * @param keys alive
 * @param sessions open
 */
public record StateAudit(
        long groupId, EntryId applied, long revision, Bytes stateHash, long keys, long sessions) {

    /** @throws DamagedException at the first row, or the hash, that is not what was written */
    public static StateAudit of(StateView view) {
        MetaRow meta = StateKeys.decodeMeta(view.get(StateKeys.META)
                .orElseThrow(
                        () -> new DamagedException("the row that describes the state is missing")));
        StateHash sum = new StateHash(Hash128.ZERO, meta.chain());
        sum.add(StateHash.ofConfiguration(meta.configuration()));
        sum.add(StateHash.ofCompactedRevision(meta.compactedRevision()));
        sum.add(StateHash.ofFeatureLevel(meta.featureLevel()));
        long keys = addKeys(view, meta.revision(), sum);
        long sessions = addSessions(view, sum);
        if (!sum.rowSum().equals(meta.rowSum())) {
            throw new DamagedException("the rows sum up to %s, the state says %s"
                    .formatted(sum.rowSum(), meta.rowSum()));
        }
        return new StateAudit(
                meta.groupId(),
                meta.applied(),
                meta.revision(),
                sum.value().toBytes(),
                keys,
                sessions);
    }

    private static long addKeys(StateView view, long revision, StateHash sum) {
        long keys = 0;
        try (StateView.Cursor rows = view.scan(StateKeys.CURRENT_FIRST, StateKeys.CURRENT_END)) {
            while (rows.next()) {
                KeyRevisions key = StateKeys.decodeCurrent(rows.value()).revisions();
                if (key.modRevision() > revision || key.createRevision() > key.modRevision()) {
                    throw new DamagedException(
                            "%s in a keyspace at revision %d".formatted(key, revision));
                }
                sum.add(CurrentRows.hash(rows.key(), rows.value()));
                keys++;
            }
        }
        return keys;
    }

    private static long addSessions(StateView view, StateHash sum) {
        long sessions = 0;
        long apart = 0;
        try (StateView.Cursor rows = view.scan(StateKeys.SESSION_FIRST, StateKeys.SESSION_END)) {
            while (rows.next()) {
                Session session = new Session(
                        StateKeys.sessionId(rows.key()), StateKeys.decodeSession(rows.value()));
                sum.add(session.hash());
                for (KeptReply reply : session.replies()) {
                    sum.add(session.hashOf(reply));
                    apart +=
                            reply instanceof KeptReply.Apart ? checkApart(view, session, reply) : 0;
                }
                sessions++;
            }
        }
        long rows = countResults(view);
        if (rows != apart) {
            throw new DamagedException(
                    "%d rows of large results, of which sessions know %d".formatted(rows, apart));
        }
        return sessions;
    }

    private static int checkApart(StateView view, Session session, KeptReply reply) {
        Bytes result = view.get(StateKeys.sessionResult(session.id(), reply.sequence()))
                .orElseThrow(
                        () -> new DamagedException("the result of %s is missing".formatted(reply)));
        if (!Hash128.of(result).equals(reply.resultHash())
                || result.length() != reply.resultBytes()) {
            throw new DamagedException("the result of %s is another one".formatted(reply));
        }
        return 1;
    }

    private static long countResults(StateView view) {
        long count = 0;
        try (StateView.Cursor rows =
                view.scan(StateKeys.SESSION_RESULT_FIRST, StateKeys.SESSION_RESULT_END)) {
            while (rows.next()) {
                count++;
            }
        }
        return count;
    }
}
