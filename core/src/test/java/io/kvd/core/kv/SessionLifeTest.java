package io.kvd.core.kv;

import static io.kvd.core.kv.TestLog.closeSession;
import static io.kvd.core.kv.TestLog.expire;
import static io.kvd.core.kv.TestLog.keepAlive;
import static io.kvd.core.kv.TestLog.openSession;
import static io.kvd.core.kv.TestLog.put;
import static io.kvd.core.kv.TestLog.write;
import static io.kvd.core.kv.TestReplica.TTL_MS;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.ExpiringSession;
import io.kvd.protocol.OpenSessionCommand;
import io.kvd.protocol.Result;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Opening, keeping alive, closing and expiring sessions (docs/semantics.md). */
class SessionLifeTest {
    private final TestReplica replica = new TestReplica();

    @Test
    void aSessionsIdIsTheIndexOfTheEntryThatOpenedIt() {
        replica.apply(put("k", "v"));

        Result result = replica.apply(openSession(1, 5_000));

        assertThat(result.getOpenSession().getSessionId()).isEqualTo(2);
        assertThat(result.getOpenSession().getTtlMs()).isEqualTo(5_000);
        assertThat(result.getRevision()).isEqualTo(2);
    }

    @Test
    void aRetriedOpenFindsTheSessionThatTheFirstTryMade() {
        long first = replica.openSession(7);
        replica.restart();

        Result retry = replica.apply(openSession(7, TTL_MS + 1));

        assertThat(retry.getOpenSession().getSessionId()).isEqualTo(first);
        assertThat(retry.getOpenSession().getTtlMs()).isEqualTo(TTL_MS);
        assertThat(replica.machine().sessionCount()).isEqualTo(1);
    }

    @Test
    void aRetriedOpenIsASignOfLife() {
        replica.openSession(7);
        replica.log().advanceLogTime(TTL_MS);
        replica.openSession(7);

        assertThat(replica.machine().expirable(TTL_MS, 10)).isEmpty();
    }

    @Test
    void theNonceOfAClosedSessionOpensANewOne() {
        long first = replica.openSession(7);
        replica.apply(closeSession(first));

        assertThat(replica.openSession(7)).isNotEqualTo(first);
    }

    @Test
    void anOpenWithABadNonceOrTtlIsRefused() {
        Command shortNonce = Command.newBuilder()
                .setOpenSession(OpenSessionCommand.newBuilder()
                        .setNonce(TestLog.bytes("short"))
                        .setTtlMs(TTL_MS))
                .build();

        assertThat(replica.apply(shortNonce).getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        for (long ttlMs : new long[] {0, -1, 999, 86_400_001, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThat(replica.apply(openSession(1, ttlMs)).getCode())
                    .isEqualTo(Code.INVALID_ARGUMENT);
        }
        assertThat(replica.machine().sessionCount()).isZero();
    }

    @Test
    void thereIsABoundOnOpenSessionsWithAnErrorOfItsOwn() {
        SessionRules level1 = SessionRules.LEVEL_1;
        TestReplica small = new TestReplica(
                new TestLog(),
                new SessionRules(2, level1.maxUnanswered(), level1.ttl(), level1.replies()));
        long first = small.openSession(1);
        small.openSession(2);

        assertThat(small.apply(openSession(3, TTL_MS)).getCode()).isEqualTo(Code.TOO_MANY_SESSIONS);
        assertThat(small.apply(openSession(1, TTL_MS)).getOpenSession().getSessionId())
                .isEqualTo(first);
        small.apply(closeSession(first));
        assertThat(small.apply(openSession(3, TTL_MS)).getCode()).isEqualTo(Code.OK);
    }

    @Test
    void aClosedSessionIsGoneAndClosingItAgainSucceeds() {
        long session = replica.openSession(1);

        Result closed = replica.apply(closeSession(session));
        Result again = replica.apply(closeSession(session));

        assertThat(closed.hasEmpty()).isTrue();
        assertThat(again.getCode()).isEqualTo(Code.OK);
        assertThat(replica.apply(put("k", "v"), write(session, 1)).getCode())
                .isEqualTo(Code.SESSION_EXPIRED);
        assertThat(replica.store().get(StateKeys.session(session))).isEmpty();
    }

    @Test
    void keepingAnUnknownSessionAliveIsRefused() {
        assertThat(replica.apply(keepAlive(99)).getCode()).isEqualTo(Code.SESSION_EXPIRED);
    }

    @Test
    void aSessionIsExpirableOnceItWasSilentForItsTtl() {
        replica.log().advanceLogTime(100);
        long session = replica.openSession(1);

        assertThat(replica.machine().expirable(100 + TTL_MS - 1, 10)).isEmpty();
        assertThat(replica.machine().expirable(100 + TTL_MS, 10))
                .containsExactly(expiring(session, 100));
    }

    @Test
    void writesAndKeepAlivesAndRetriesAreSignsOfLife() {
        long writes = replica.openSession(1);
        long isKept = replica.openSession(2);
        long retries = replica.openSession(3);
        long silent = replica.openSession(4);
        replica.apply(put("k", "v"), write(retries, 1));
        replica.log().advanceLogTime(TTL_MS);
        replica.apply(put("k", "v"), write(writes, 1));
        replica.apply(keepAlive(isKept));
        replica.apply(put("k", "v"), write(retries, 1));

        assertThat(replica.machine().expirable(TTL_MS, 10)).containsExactly(expiring(silent, 0));
        assertThat(replica.machine().expirable(2 * TTL_MS, 10))
                .extracting(ExpiringSession::getSessionId)
                .containsExactly(writes, isKept, retries, silent);
    }

    @Test
    void expirableNamesAtMostSoManyAndTheSameOnesUntilTheyAreExpired() {
        for (int nonce = 1; nonce <= 5; nonce++) {
            replica.openSession(nonce);
        }

        List<ExpiringSession> three = replica.machine().expirable(TTL_MS, 3);
        assertThat(three).hasSize(3).isEqualTo(replica.machine().expirable(TTL_MS, 3));

        replica.apply(expire(1, three));
        assertThat(replica.machine().expirable(TTL_MS, 3)).hasSize(2);
        assertThat(replica.machine().sessionCount()).isEqualTo(2);
    }

    @Test
    void anExpiredSessionsWritesAreRefused() {
        long session = replica.openSession(1);
        replica.apply(put("k", "1"), write(session, 1));
        replica.log().advanceLogTime(TTL_MS);

        replica.apply(expire(1, replica.machine().expirable(TTL_MS, 10)));

        assertThat(replica.apply(put("k", "1"), write(session, 1)).getCode())
                .isEqualTo(Code.SESSION_EXPIRED);
        assertThat(replica.get("k").orElseThrow().getVersion()).isEqualTo(1);
    }

    @Test
    void anExpiryDecidedInAnotherTermDoesNothing() {
        long session = replica.openSession(1);
        List<ExpiringSession> decided = replica.machine().expirable(TTL_MS, 10);
        replica.log().nextTerm();

        Result result = replica.apply(expire(1, decided));

        assertThat(result.getCode()).isEqualTo(Code.OK);
        assertThat(replica.apply(put("k", "v"), write(session, 1)).getCode()).isEqualTo(Code.OK);
    }

    @Test
    void anExpiryDoesNotTouchASessionThatShowedLifeSinceItWasDecided() {
        long lives = replica.openSession(1);
        long silent = replica.openSession(2);
        replica.log().advanceLogTime(TTL_MS);
        List<ExpiringSession> decided = replica.machine().expirable(TTL_MS, 10);
        replica.apply(keepAlive(lives));

        replica.apply(expire(1, decided));

        assertThat(replica.apply(keepAlive(lives)).getCode()).isEqualTo(Code.OK);
        assertThat(replica.apply(keepAlive(silent)).getCode()).isEqualTo(Code.SESSION_EXPIRED);
    }

    @Test
    void anExpiryThatNamesASessionTwiceOrAnUnknownOneExpiresWhatItCan() {
        long session = replica.openSession(1);

        Result result = replica.apply(expire(
                1,
                List.of(expiring(session, 0), expiring(session, 0), expiring(session + 1_000, 0))));

        assertThat(result.getCode()).isEqualTo(Code.OK);
        assertThat(replica.machine().sessionCount()).isZero();
    }

    @Test
    void logTimeOfAnEntryDoesNotMakeASessionYounger() {
        replica.log().advanceLogTime(100);
        long session = replica.openSession(1);
        replica.log().advanceLogTime(-50);

        replica.apply(keepAlive(session));

        assertThat(replica.machine().lastLogTimeMs()).isEqualTo(100);
        assertThat(replica.machine().expirable(Long.MAX_VALUE, 1))
                .containsExactly(expiring(session, 100));
    }

    @Test
    void sessionsAreFoundAgainAfterARestartWithTheirDeadlines() {
        long session = replica.openSession(1);
        replica.log().advanceLogTime(500);
        replica.apply(keepAlive(session));
        Bytes hash = replica.machine().stateHash();

        replica.restart();

        assertThat(replica.machine().stateHash()).isEqualTo(hash);
        assertThat(replica.machine().expirable(TTL_MS + 499, 10)).isEmpty();
        assertThat(replica.machine().expirable(TTL_MS + 500, 10))
                .containsExactly(expiring(session, 500));
    }

    private static ExpiringSession expiring(long sessionId, long lastActiveLogTimeMs) {
        return ExpiringSession.newBuilder()
                .setSessionId(sessionId)
                .setLastActiveLogTimeMs(lastActiveLogTimeMs)
                .build();
    }
}
