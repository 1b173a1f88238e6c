package io.kvd.core.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.raft.Entry;
import io.kvd.protocol.Code;
import io.kvd.protocol.ExpiringSession;
import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;
import io.kvd.protocol.Result;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Random logs against the naive model, with bounds so small that they are met. Each test's name has its seed. */
class KvStateMachineModelTest {
    private static final int WINDOW = 8;
    private static final SessionRules TIGHT = new SessionRules(
            6,
            WINDOW,
            SessionRules.LEVEL_1.ttl(),
            new SessionRules.Replies(8, 9, 20L * SessionRules.Replies.OVERHEAD_BYTES));

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void doesWhatTheModelDoesEntryByEntryAcrossRestarts(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        NaiveModel model = new NaiveModel(TIGHT);
        TestReplica replica = new TestReplica(new TestLog(), TIGHT);
        RandomLog entries = new RandomLog(replica.log(), random, WINDOW);

        for (int step = 0; step < 3_000; step++) {
            long from = replica.log().lastIndex() + 1;
            entries.append(expirable(replica));
            List<Answer> answers = replica.catchUp(1);
            for (int i = 0; i < answers.size(); i++) {
                Entry entry = replica.log().entry(from + i);
                Result actual = TestReplica.parse(answers.get(i), Result.getDefaultInstance());
                Result expected = model.apply(entry, answers.get(i).result().length());
                assertThat(actual.toBuilder().clearMessage().build())
                        .as("answer to %s", entry)
                        .isEqualTo(expected);
                entries.answered(actual);
            }
            if (random.nextInt(50) == 0) {
                replica.restart();
                assertEqualStates(replica, model);
            }
        }
        assertEqualStates(replica, model);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    void batchesAndRestartsChangeNeitherAnswersNorHash(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        TestReplica reference = new TestReplica(new TestLog(), TIGHT);
        List<Answer> expected = fill(reference, random, 3_000);

        TestReplica replica = new TestReplica(reference.log(), TIGHT);
        List<Answer> answers = new ArrayList<>();
        while (answers.size() < expected.size()) {
            answers.addAll(replica.applyOneBatch(1 + random.nextInt(100)));
            assertThat(replica.machine().stateHash())
                    .isEqualTo(reference.machine().hashAt(answers.size()).orElseThrow());
            if (random.nextInt(10) == 0) {
                replica.restart();
            }
        }

        assertThat(answers).isEqualTo(expected);
        assertThat(replica.store().rows()).isEqualTo(reference.store().rows());
    }

    @Test
    void theRandomLogsMeetEveryAnswerThereIs() {
        TestReplica replica = new TestReplica(new TestLog(), TIGHT);
        List<Answer> answers = fill(replica, new SplittableRandom(1), 3_000);

        Map<Code, Integer> codes = new EnumMap<>(Code.class);
        int dropped = 0;
        int apart = 0;
        for (Answer answer : answers) {
            codes.merge(answer.code(), 1, Integer::sum);
            dropped += TestReplica.parse(answer, Result.getDefaultInstance()).hasDropped() ? 1 : 0;
            apart += answer.result().length() > TIGHT.replies().maxInlineBytes() ? 1 : 0;
        }
        assertThat(codes)
                .containsOnlyKeys(
                        Code.OK,
                        Code.BUSY,
                        Code.SESSION_EXPIRED,
                        Code.ALREADY_ANSWERED,
                        Code.TOO_MANY_SESSIONS,
                        Code.INVALID_ARGUMENT);
        assertThat(codes.values()).allSatisfy(count -> assertThat(count).isGreaterThan(10));
        assertThat(dropped).isGreaterThan(10);
        assertThat(apart).isGreaterThan(10);
    }

    private static List<Answer> fill(TestReplica replica, RandomGenerator random, int steps) {
        RandomLog entries = new RandomLog(replica.log(), random, WINDOW);
        List<Answer> all = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            entries.append(expirable(replica));
            List<Answer> answers = replica.catchUp(1);
            answers.forEach(answer ->
                    entries.answered(TestReplica.parse(answer, Result.getDefaultInstance())));
            all.addAll(answers);
        }
        return all;
    }

    private static List<ExpiringSession> expirable(TestReplica replica) {
        return replica.machine().expirable(replica.log().logTimeMs(), 3);
    }

    private static void assertEqualStates(TestReplica replica, NaiveModel model) {
        RangeResult all = replica.read(RangeRequest.newBuilder()
                .setRangeEnd(ByteString.copyFrom(new byte[] {0}))
                .build());
        assertThat(all.getKvsList()).isEqualTo(List.<KeyValue>copyOf(model.keys.values()));
        assertThat(all.getRevision()).isEqualTo(model.revision());
        assertThat(replica.machine().sessionCount()).isEqualTo(model.sessions.size());
        try (StateView view = replica.store().view()) {
            StateAudit audit = StateAudit.of(view);
            assertThat(audit.stateHash()).isEqualTo(replica.machine().stateHash());
        }
    }
}
