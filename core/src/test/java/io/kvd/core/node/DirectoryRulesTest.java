package io.kvd.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.codec.Lives;
import io.kvd.core.node.DirectoryRules.Completeness;
import io.kvd.core.node.DirectoryRules.FoundState;
import io.kvd.core.node.RestoredLog.RestoredGroup;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.HardState;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

class DirectoryRulesTest {
    private static final RestoredLog EMPTY = new RestoredLog(List.of(), List.of());
    private static final RestoredLog UNBORN =
            new RestoredLog(List.of(node(Bytes.EMPTY)), List.of());
    private static final RestoredLog NEWBORN = born(GroupRecord.INITIAL);
    private static final RestoredLog CUT = born(new GroupRecord(new EntryId(2, 10), 1));
    private static final RestoredLog INSTALLED = born(new GroupRecord(new EntryId(2, 10), 4));

    @Test
    void emptyDirectoryIsAFirstStart() {
        assertThat(leftOver(EMPTY)).isEmpty();
    }

    @Test
    void unbornNodeMayHaveDiedBeforeItMadeItsFirstState() {
        assertThat(leftOver(UNBORN)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void unbornNodeKeepsTheFirstStateThatItMade(Completeness completeness) {
        assertThat(leftOver(UNBORN, new FoundState(1, 1, completeness))).isEmpty();
    }

    @Test
    void unbornNodeHasNoOtherState() {
        assertRefused(UNBORN, "/data/state/1/2 is there", whole(1, 2));
        assertRefused(UNBORN, "/data/state/2/1 is there", whole(2, 1));
    }

    @Test
    void stateBesideALogWithoutIdentityIsRefused() {
        assertRefused(
                EMPTY, "/data/state/1/1 is there, but the log holds no identity", whole(1, 1));
    }

    @Test
    void bornNodeIsNotTakenForAnUnbornOneThatLostItsGroup() {
        RestoredLog withoutGroup = new RestoredLog(NEWBORN.node(), List.of());

        assertRefused(withoutGroup, "the log knows nothing of it", whole(1, 1));
    }

    @Test
    void firstStateIsMadeAnewWhileTheLogIsWhole() {
        assertThat(leftOver(NEWBORN)).isEmpty();
        assertThat(leftOver(NEWBORN, begun(1, 1))).isEmpty();
    }

    @Test
    void stateThatACutLogContinuesMustBeWhole() {
        assertThat(leftOver(CUT, whole(1, 1))).isEmpty();
        assertRefused(CUT, "/data/state/1/1 is missing, and the log begins after 10/t2");
        assertRefused(CUT, "/data/state/1/1 is missing", begun(1, 1));
    }

    @Test
    void installThatTheLogDoesNotNameYetIsLeftOver() {
        assertThat(leftOver(NEWBORN, whole(1, 1), whole(1, 2))).containsExactly(whole(1, 2));
    }

    @Test
    void statesBeforeTheNamedOneAreLeftOverInAnyCondition() {
        assertThat(leftOver(INSTALLED, begun(1, 2), whole(1, 3), whole(1, 4)))
                .containsExactly(begun(1, 2), whole(1, 3));
    }

    @Test
    void stateThatIsNewerThanTheLogKnowsIsNotDeleted() {
        assertRefused(
                NEWBORN,
                "/data/state/1/3 is there, but the log names generation 1: the log is older",
                whole(1, 3));
    }

    @Test
    void stateOfAnotherGroupIsRefused() {
        assertRefused(NEWBORN, "/data/state/2/1 is there", whole(1, 1), whole(2, 1));
    }

    private static List<FoundState> leftOver(RestoredLog log, FoundState... states) {
        return new DirectoryRules("/data", log).leftOver(List.of(states));
    }

    private static void assertRefused(RestoredLog log, String why, FoundState... states) {
        assertThatThrownBy(() -> leftOver(log, states))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageStartingWith("refusing to start: ")
                .hasMessageContaining(why)
                .hasMessageContaining("Move the data directory away");
    }

    private static FoundState whole(long groupId, long generation) {
        return new FoundState(groupId, generation, Completeness.WHOLE);
    }

    private static FoundState begun(long groupId, long generation) {
        return new FoundState(groupId, generation, Completeness.BEGUN);
    }

    private static RestoredLog born(GroupRecord record) {
        RestoredGroup group = new RestoredGroup(
                1,
                new HardState(2, 0),
                record,
                record.logStart(),
                0,
                List.of(),
                List.of(),
                List.of());
        return new RestoredLog(List.of(node(Bytes.utf8("cluster-16-bytes"))), List.of(group));
    }

    private static NodeRecord node(Bytes clusterId) {
        return new NodeRecord(
                "a", clusterId, 1, Bytes.utf8("store-of-16-byte"), Lives.NONE.next(9), Bytes.EMPTY);
    }
}
