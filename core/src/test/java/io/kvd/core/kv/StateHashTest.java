package io.kvd.core.kv;

import static io.kvd.core.kv.TestLog.compareAndSet;
import static io.kvd.core.kv.TestLog.delete;
import static io.kvd.core.kv.TestLog.keepAlive;
import static io.kvd.core.kv.TestLog.openSession;
import static io.kvd.core.kv.TestLog.put;
import static io.kvd.core.kv.TestLog.write;
import static io.kvd.core.kv.TestReplica.TTL_MS;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.Hash128;
import io.kvd.core.raft.EntryKind;

import org.junit.jupiter.api.Test;

import java.util.List;

/** The hash tells states apart, whatever way they differ, and equal ones it does not (docs/semantics.md). */
class StateHashTest {
    private final TestReplica one = new TestReplica();
    private final TestReplica two = new TestReplica();

    @Test
    void replicasOfOneLogAgreeAtEveryIndexWhateverTheirBatches() {
        for (int i = 0; i < 100; i++) {
            one.log().append(put("k" + i % 7, "v" + i));
        }
        TestReplica other = new TestReplica(one.log());

        one.catchUp(1);
        other.catchUp(33);

        for (long index = 1; index <= 100; index++) {
            assertThat(one.machine().hashAt(index))
                    .isPresent()
                    .isEqualTo(other.machine().hashAt(index));
        }
    }

    @Test
    void anotherValueOrKeyIsAnotherHash() {
        one.apply(put("k", "v"));
        two.apply(put("k", "w"));
        assertThat(hash(one)).isNotEqualTo(hash(two));

        TestReplica three = new TestReplica();
        three.apply(put("kv", ""));
        assertThat(hash(three)).isNotEqualTo(hash(one));
    }

    @Test
    void equalKeysThatCameAboutDifferentlyAreAnotherHash() {
        one.apply(put("k", "v"));
        one.apply(delete("k"));
        two.apply(put("l", "v"));
        two.apply(delete("l"));

        assertThat(one.store().rows()).hasSameSizeAs(two.store().rows());
        assertThat(hash(one)).isNotEqualTo(hash(two));
    }

    @Test
    void theOrderOfChangesIsPartOfTheHash() {
        one.apply(put("a", "1"));
        one.apply(put("b", "1"));
        two.apply(put("b", "1"));
        two.apply(put("a", "1"));

        assertThat(hash(one)).isNotEqualTo(hash(two));
    }

    @Test
    void theOrderOfDeletionsIsPartOfTheHashThoughNoRowTellsIt() {
        for (TestReplica replica : List.of(one, two)) {
            replica.apply(put("a", "1"));
            replica.apply(put("b", "1"));
        }
        one.apply(delete("a"));
        one.apply(delete("b"));
        two.apply(delete("b"));
        two.apply(delete("a"));

        assertThat(hash(one)).isNotEqualTo(hash(two));
    }

    @Test
    void theRevisionOfAChangeIsChained() {
        StateHash first = new StateHash(Hash128.ZERO, Hash128.ZERO);
        StateHash second = new StateHash(Hash128.ZERO, Hash128.ZERO);

        first.changed(1, new Hash128(3, 4));
        second.changed(2, new Hash128(3, 4));

        assertThat(first.chain()).isNotEqualTo(second.chain());
    }

    @Test
    void whatChangesNothingDoesNotChangeTheHash() {
        one.apply(put("k", "v"));
        Bytes before = hash(one);

        one.apply(delete("absent"));
        one.apply(compareAndSet("k", "w", 99));
        one.apply(EntryKind.NOOP, Bytes.EMPTY);

        assertThat(hash(one)).isEqualTo(before);
    }

    @Test
    void sessionsAndTheirAnswersAndTheirActivityAreInTheHash() {
        one.openSession(1);
        two.openSession(2);
        assertThat(hash(one)).isNotEqualTo(hash(two));

        Bytes opened = hash(one);
        one.apply(delete("absent"), write(1, 1));
        Bytes answered = hash(one);
        assertThat(answered).isNotEqualTo(opened);

        one.apply(delete("other"), write(1, 1));
        assertThat(hash(one)).isEqualTo(answered);

        one.log().advanceLogTime(1);
        one.apply(keepAlive(1));
        assertThat(hash(one)).isNotEqualTo(answered);
    }

    @Test
    void anAnswerIsInTheHashUntilItIsDropped() {
        one.openSession(1);
        two.apply(openSession(1, TTL_MS));
        one.apply(delete("a"), write(1, 1));
        two.apply(delete("b"), write(1, 1));
        assertThat(hash(one)).isNotEqualTo(hash(two));

        one.apply(delete("c"), write(1, 2, 2));
        two.apply(delete("c"), write(1, 2, 2));

        assertThat(hash(one)).isEqualTo(hash(two));
    }

    @Test
    void theConfigurationIsInTheHash() {
        one.apply(EntryKind.CONFIG, Bytes.utf8("a"));
        two.apply(EntryKind.CONFIG, Bytes.utf8("b"));

        assertThat(hash(one)).isNotEqualTo(hash(two));
    }

    @Test
    void theHashIsThatOfTheRowsThatAreThere() {
        TestReplica replica = new TestReplica(
                new TestLog(),
                new SessionRules(
                        10,
                        1_024,
                        SessionRules.LEVEL_1.ttl(),
                        new SessionRules.Replies(4, 1_000, 1_000_000)));
        replica.apply(EntryKind.CONFIG, Bytes.utf8("members"));
        long session = replica.openSession(1);
        replica.apply(put("a", "1"), write(session, 1));
        replica.apply(delete("a"), write(session, 2));
        replica.apply(put("b", "1"));

        StateAudit audit = audit(replica);

        assertThat(audit.stateHash()).isEqualTo(hash(replica));
        assertThat(audit.applied()).isEqualTo(replica.machine().applied());
        assertThat(audit.keys()).isEqualTo(1);
        assertThat(audit.sessions()).isEqualTo(1);
    }

    @Test
    void anAuditFindsAnyRowThatIsMissingTooManyOrChanged() {
        TestReplica replica = new TestReplica(
                new TestLog(),
                new SessionRules(
                        10,
                        1_024,
                        SessionRules.LEVEL_1.ttl(),
                        new SessionRules.Replies(4, 1_000, 1_000_000)));
        long session = replica.openSession(1);
        replica.apply(delete("a"), write(session, 1));
        replica.apply(put("b", "1"));

        for (Bytes key : replica.store().copy().rows().keySet()) {
            MemoryStateStore missing = replica.store().copy();
            missing.rows().remove(key);
            assertThatThrownBy(() -> StateAudit.of(missing.view()))
                    .isInstanceOf(DamagedException.class);
        }
        MemoryStateStore foreign = replica.store().copy();
        foreign.rows().put(StateKeys.sessionResult(9, 9), Bytes.EMPTY);
        assertThatThrownBy(() -> StateAudit.of(foreign.view()))
                .isInstanceOf(DamagedException.class);
        MemoryStateStore changed = replica.store().copy();
        changed.rows()
                .put(
                        StateKeys.current(TestLog.bytes("b")),
                        StateKeys.encodeCurrent(KeyRevisions.created(2), TestLog.bytes("2")));
        assertThatThrownBy(() -> StateAudit.of(changed.view()))
                .isInstanceOf(DamagedException.class);
    }

    private static StateAudit audit(TestReplica replica) {
        try (StateView view = replica.store().view()) {
            return StateAudit.of(view);
        }
    }

    private static Bytes hash(TestReplica replica) {
        return replica.machine().stateHash();
    }
}
