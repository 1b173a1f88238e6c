package io.kvd.core.kv;

import static io.kvd.core.kv.TestLog.compareAndSet;
import static io.kvd.core.kv.TestLog.delete;
import static io.kvd.core.kv.TestLog.put;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.BytesWriter;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.InvariantViolation;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Code;
import io.kvd.protocol.Command;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.Result;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What entries do to keys, revisions and the state's own row (docs/semantics.md, P3, P7). */
class KvStateMachineTest {
    private final TestReplica replica = new TestReplica();

    @Test
    void aKeyspaceStartsAtRevisionOneWithNothingApplied() {
        KvStateMachine machine = replica.machine();

        assertThat(machine.revision()).isEqualTo(1);
        assertThat(machine.applied()).isEqualTo(EntryId.NONE);
        assertThat(machine.featureLevel()).isEqualTo(1);
        assertThat(machine.configurationBytes()).isEqualTo(Bytes.EMPTY);
        assertThat(machine.sessionCount()).isZero();
        assertThat(machine.hashAt(0)).contains(machine.stateHash());
    }

    @Test
    void aPutAddsOneRevisionEvenWithTheSameValue() {
        Result first = replica.apply(put("k", "v"));
        Result second = replica.apply(put("k", "v"));

        assertThat(first.getRevision()).isEqualTo(2);
        assertThat(second.getRevision()).isEqualTo(3);
        assertThat(second.hasPut()).isTrue();
    }

    @Test
    void aKeyCountsItsPutsSinceItsCreation() {
        replica.apply(put("k", "1"));
        replica.apply(put("other", "x"));
        replica.apply(put("k", "2"));

        KeyValue key = replica.get("k").orElseThrow();

        assertThat(key.getCreateRevision()).isEqualTo(2);
        assertThat(key.getModRevision()).isEqualTo(4);
        assertThat(key.getVersion()).isEqualTo(2);
        assertThat(key.getLease()).isZero();
        assertThat(key.getValue().toStringUtf8()).isEqualTo("2");
    }

    @Test
    void aKeyBeginsAnewAfterItsDeletion() {
        replica.apply(put("k", "1"));
        replica.apply(put("k", "2"));
        Result deleted = replica.apply(delete("k"));

        assertThat(deleted.getDelete().getDeleted()).isEqualTo(1);
        assertThat(deleted.getRevision()).isEqualTo(4);
        assertThat(replica.get("k")).isEmpty();

        replica.apply(put("k", "3"));
        KeyValue key = replica.get("k").orElseThrow();
        assertThat(key.getCreateRevision()).isEqualTo(5);
        assertThat(key.getVersion()).isEqualTo(1);
    }

    @Test
    void deletingAnAbsentKeyAddsNoRevision() {
        Result result = replica.apply(delete("k"));

        assertThat(result.getCode()).isEqualTo(Code.OK);
        assertThat(result.getDelete().getDeleted()).isZero();
        assertThat(result.getRevision()).isEqualTo(1);
    }

    @Test
    void compareAndSetPutsIfTheModRevisionIsTheExpectedOne() {
        replica.apply(put("k", "1"));

        Result result = replica.apply(compareAndSet("k", "2", 2));

        assertThat(result.getCompareAndSet().getSucceeded()).isTrue();
        assertThat(result.getCompareAndSet().getCurrentModRevision()).isEqualTo(3);
        assertThat(result.getRevision()).isEqualTo(3);
        assertThat(replica.get("k").orElseThrow().getVersion()).isEqualTo(2);
    }

    @Test
    void compareAndSetAnswersAMismatchWithTheModRevisionAndChangesNothing() {
        replica.apply(put("k", "1"));
        replica.apply(put("other", "x"));

        Result result = replica.apply(compareAndSet("k", "2", 3));

        assertThat(result.getCode()).isEqualTo(Code.OK);
        assertThat(result.getCompareAndSet().getSucceeded()).isFalse();
        assertThat(result.getCompareAndSet().getCurrentModRevision()).isEqualTo(2);
        assertThat(result.getRevision()).isEqualTo(3);
        assertThat(replica.get("k").orElseThrow().getValue().toStringUtf8()).isEqualTo("1");
    }

    @Test
    void compareAndSetExpectingZeroNeedsTheKeyAbsent() {
        Result created = replica.apply(compareAndSet("k", "1", 0));
        Result again = replica.apply(compareAndSet("k", "2", 0));

        assertThat(created.getCompareAndSet().getSucceeded()).isTrue();
        assertThat(again.getCompareAndSet().getSucceeded()).isFalse();
        assertThat(again.getCompareAndSet().getCurrentModRevision()).isEqualTo(2);
    }

    @Test
    void compareAndSetOnAnAbsentKeyAnswersModRevisionZero() {
        Result result = replica.apply(compareAndSet("k", "1", 7));

        assertThat(result.getCompareAndSet().getSucceeded()).isFalse();
        assertThat(result.getCompareAndSet().getCurrentModRevision()).isZero();
        assertThat(result.getRevision()).isEqualTo(1);
    }

    @Test
    void aCommandSeesWhatEarlierOnesOfItsBatchDid() {
        replica.log().append(put("k", "1"));
        replica.log().append(compareAndSet("k", "2", 2));
        replica.log().append(delete("k"));
        replica.log().append(delete("k"));
        replica.log().append(put("k", "3"));

        List<Answer> answers = replica.catchUp(5);

        assertThat(TestReplica.parse(answers.get(1)).getCompareAndSet().getSucceeded())
                .isTrue();
        assertThat(TestReplica.parse(answers.get(2)).getDelete().getDeleted()).isEqualTo(1);
        assertThat(TestReplica.parse(answers.get(3)).getDelete().getDeleted()).isZero();
        assertThat(replica.get("k").orElseThrow().getCreateRevision()).isEqualTo(5);
    }

    @Test
    void aBatchReadsOnceAndWritesOnceWithTheStateOfItsLastEntry() {
        replica.apply(put("a", "1"));
        int reads = replica.store().multiGetCount();
        int writes = replica.store().batchCount();

        replica.log().append(put("a", "2"));
        replica.log().append(put("b", "2"));
        replica.log().append(delete("a"));
        replica.log().append(EntryKind.CONFIG, Entry.Origin.NONE, Bytes.utf8("members"));
        replica.catchUp(4);

        assertThat(replica.store().multiGetCount()).isEqualTo(reads + 1);
        assertThat(replica.store().batchCount()).isEqualTo(writes + 1);
        MetaRow meta = StateKeys.decodeMeta(replica.store().get(StateKeys.META).orElseThrow());
        assertThat(meta.applied()).isEqualTo(new EntryId(1, 5));
        assertThat(meta.revision()).isEqualTo(5);
        assertThat(meta.configuration()).isEqualTo(Bytes.utf8("members"));
        assertThat(meta.rowSum().plus(meta.chain()).toBytes())
                .isEqualTo(replica.machine().stateHash());
    }

    @Test
    void aBatchWritesOnlyWhatItChanged() {
        long session = replica.openSession(1);
        replica.apply(put("a", "1"), TestLog.write(session, 1));

        replica.apply(EntryKind.NOOP, Bytes.EMPTY);

        assertThat(replica.store().lastBatch().rows()).containsOnlyKeys(StateKeys.META);
    }

    @Test
    void aRestartFindsWhatTheLastBatchLeft() {
        replica.log().advanceLogTime(77);
        replica.apply(EntryKind.CONFIG, Bytes.utf8("members"));
        replica.apply(put("k", "v"));
        replica.openSession(1);
        KvStateMachine before = replica.machine();

        replica.restart();

        KvStateMachine after = replica.machine();
        assertThat(after.applied()).isEqualTo(before.applied());
        assertThat(after.revision()).isEqualTo(before.revision());
        assertThat(after.stateHash()).isEqualTo(before.stateHash());
        assertThat(after.configurationBytes()).isEqualTo(Bytes.utf8("members"));
        assertThat(after.lastLogTimeMs()).isEqualTo(77);
        assertThat(after.sessionCount()).isEqualTo(1);
        assertThat(after.hashAt(after.applied().index())).contains(after.stateHash());
    }

    @Test
    void answersAreEmptyForEntriesThatAreNoCommands() {
        assertThat(replica.apply(EntryKind.NOOP, Bytes.EMPTY).result()).isEqualTo(Bytes.EMPTY);
        assertThat(replica.apply(EntryKind.CONFIG, Bytes.utf8("m")).result())
                .isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aCommandThatWasParsedBeforeIsNotParsedAgain() {
        replica.log().append(put("k", "1"));
        replica.log().append(put("k", "2"));
        Command handedAlong = put("k", "parsed before");

        AppliedBatch batch = replica.machine()
                .apply(
                        List.of(replica.log().run(1, 2), replica.log().run(2, 3)),
                        List.of(new ParsedCommand(new EntryId(1, 2), handedAlong)));

        assertThat(batch.firstIndex()).isEqualTo(1);
        assertThat(batch.applied()).isEqualTo(new EntryId(1, 2));
        assertThat(batch.revision()).isEqualTo(3);
        assertThat(batch.answers()).hasSize(2);
        assertThat(replica.get("k").orElseThrow().getValue().toStringUtf8())
                .isEqualTo("parsed before");
    }

    @Test
    void aParsedCommandOfAnotherTermIsNotTakenForTheEntryAtItsIndex() {
        replica.log().nextTerm();
        replica.log().append(put("k", "of term 2"));
        ParsedCommand lost = new ParsedCommand(new EntryId(1, 1), put("k", "of term 1"));

        replica.machine().apply(List.of(replica.log().run(1, 2)), List.of(lost));

        assertThat(replica.get("k").orElseThrow().getValue().toStringUtf8()).isEqualTo("of term 2");
    }

    @Test
    void anEntryIsNeverAppliedTwiceAndNoneIsSkipped() {
        replica.apply(put("k", "1"));
        replica.log().append(put("k", "2"));
        replica.log().append(put("k", "3"));
        KvStateMachine machine = replica.machine();

        assertThatThrownBy(() -> machine.apply(List.of(replica.log().run(1, 3)), List.of()))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> machine.apply(List.of(replica.log().run(3, 4)), List.of()))
                .isInstanceOf(InvariantViolation.class);
        assertThat(machine.applied().index()).isEqualTo(1);
    }

    @Test
    void termsNeverGoBackAlongTheLog() {
        replica.log().nextTerm();
        replica.apply(put("k", "1"));
        Entry ofAnEarlierTerm = new Entry(
                new EntryId(1, 2),
                EntryKind.NOOP,
                Entry.Stamp.ZERO,
                Entry.Origin.NONE,
                Bytes.EMPTY);
        List<Run> run = List.of(Run.encode(TestLog.GROUP, List.of(ofAnEarlierTerm)));

        assertThatThrownBy(() -> replica.machine().apply(run, List.of()))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void bytesThatAreNoCommandAreRefusedByEveryReplicaAndStopNone() {
        Bytes unknownField = Bytes.of(put("k", "v").toBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                999,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build())
                .build()
                .toByteArray());
        List<Bytes> poison = List.of(
                Bytes.EMPTY,
                Bytes.of(new byte[] {-1, -1, -1}),
                Bytes.of(new byte[] {12}),
                unknownField);

        for (Bytes payload : poison) {
            Result result = replica.applyBytes(payload);

            assertThat(result.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
            assertThat(result.getRevision()).isEqualTo(1);
        }
        assertThat(replica.machine().applied().index()).isEqualTo(poison.size());
    }

    @Test
    void anEmptyKeyInACommittedEntryIsRefused() {
        for (Command command : List.of(put("", "v"), delete(""), compareAndSet("", "v", 0))) {
            assertThat(replica.apply(command).getCode()).isEqualTo(Code.INVALID_ARGUMENT);
        }
        assertThat(replica.machine().revision()).isEqualTo(1);
    }

    @Test
    void aFeatureLevelAboveThisProgramStopsTheNodeBeforeAnythingIsWritten() {
        Bytes longer = new BytesWriter(0).putInt(1).putInt(0).toBytes();
        for (Bytes payload :
                List.of(level(FeatureLevel.HIGHEST + 1), level(-1), longer, Bytes.EMPTY)) {
            TestReplica old = new TestReplica();
            old.log().append(put("k", "v"));
            old.log().append(EntryKind.FEATURE, Entry.Origin.NONE, payload);

            assertThatThrownBy(() -> old.catchUp(2))
                    .isInstanceOf(UpgradeNeededException.class)
                    .hasMessageContaining("upgrade this node");
            assertThat(old.get("k")).isEmpty();
        }
    }

    @Test
    void aFeatureLevelThatTheGroupHasAlreadyChangesNothing() {
        Bytes before = replica.machine().stateHash();

        replica.apply(EntryKind.FEATURE, level(1));

        assertThat(replica.machine().featureLevel()).isEqualTo(1);
        assertThat(replica.machine().stateHash()).isEqualTo(before);
    }

    @Test
    void aStateOfALaterFeatureLevelIsNotOpened() {
        MetaRow birth = MetaRow.atBirth(TestLog.GROUP);
        MemoryStateStore store = new MemoryStateStore();
        store.rows()
                .put(
                        StateKeys.META,
                        StateKeys.encodeMeta(new MetaRow(
                                birth.groupId(),
                                birth.applied(),
                                birth.revision(),
                                birth.compactedRevision(),
                                FeatureLevel.HIGHEST + 1,
                                birth.lastLogTimeMs(),
                                birth.rowSum(),
                                birth.chain(),
                                birth.configuration())));

        assertThatThrownBy(() -> KvStateMachine.open(TestLog.GROUP, store, 0))
                .isInstanceOf(UpgradeNeededException.class);
    }

    @Test
    void rowsWithoutTheRowThatDescribesThemAreDamage() {
        MemoryStateStore store = new MemoryStateStore();
        store.rows().put(StateKeys.current(TestLog.bytes("k")), Bytes.utf8("row"));

        assertThatThrownBy(() -> KvStateMachine.open(TestLog.GROUP, store, 0))
                .isInstanceOf(DamagedException.class);
    }

    @Test
    void theStateOfAnotherGroupIsRefused() {
        assertThatThrownBy(() -> KvStateMachine.open(TestLog.GROUP + 1, replica.store(), 0))
                .isInstanceOf(DamagedException.class);
    }

    private static Bytes level(int level) {
        return new BytesWriter(Integer.BYTES).putInt(level).toBytes().compact();
    }
}
