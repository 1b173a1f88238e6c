package io.kvd.core.kv;

import static io.kvd.core.kv.TestLog.bytes;
import static io.kvd.core.kv.TestLog.delete;
import static io.kvd.core.kv.TestLog.put;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.protocol.KeyValue;
import io.kvd.protocol.RangeRequest;
import io.kvd.protocol.RangeResult;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Reads of the present: one key, ranges, continuation (docs/semantics.md). */
class RangeReaderTest {
    private static final ByteString TO_THE_END = ByteString.copyFrom(new byte[] {0});

    private final TestReplica replica = new TestReplica();

    private RangeResult count(RangeRequest.Builder range) {
        RangeRequest request = range.setCountOnly(true).build();
        return replica.readWith(view -> RangeReader.count(view, request, () -> false))
                .orElseThrow();
    }

    @BeforeEach
    void fiveKeysAndASession() {
        for (String key : List.of("a", "b", "c", "d", "e")) {
            replica.apply(put(key, "value of " + key));
        }
        replica.openSession(1);
    }

    @Test
    void readsOneKeyWithItsNumbersAndTheStoresRevision() {
        RangeResult result = replica.read(range("b", "").build());

        KeyValue key = result.getKvs(0);
        assertThat(result.getRevision()).isEqualTo(6);
        assertThat(result.getKvsCount()).isEqualTo(1);
        assertThat(key.getKey()).isEqualTo(bytes("b"));
        assertThat(key.getValue()).isEqualTo(bytes("value of b"));
        assertThat(key.getCreateRevision()).isEqualTo(3);
        assertThat(key.getModRevision()).isEqualTo(3);
        assertThat(key.getVersion()).isEqualTo(1);
        assertThat(result.getMore()).isFalse();
    }

    @Test
    void anAbsentKeyIsAnEmptyAnswer() {
        RangeResult result = replica.read(range("nope", "").build());

        assertThat(result.getKvsCount()).isZero();
        assertThat(result.getRevision()).isEqualTo(6);
    }

    @Test
    void aRangeExcludesItsEndAndIsInKeyOrder() {
        assertThat(keys(replica.read(range("b", "d").build()))).containsExactly("b", "c");
    }

    @Test
    void aRangeToTheEndHoldsKeysOnlyAndAllOfThem() {
        replica.apply(put(ByteString.copyFrom(new byte[] {-1, -1}), bytes("last")));

        RangeResult all = replica.read(toTheEnd("").build());

        assertThat(all.getKvsCount()).isEqualTo(6);
        assertThat(keys(replica.read(toTheEnd("d").build())))
                .startsWith("d", "e")
                .hasSize(3);
    }

    @Test
    void aRangeThatEndsBeforeItBeginsIsEmpty() {
        assertThat(replica.read(range("d", "b").build()).getKvsCount()).isZero();
        assertThat(replica.read(range("b", "b").build()).getKvsCount()).isZero();
    }

    @Test
    void aLimitEndsTheAnswerAndSaysWhereToGoOn() {
        RangeResult first = replica.read(toTheEnd("a").setLimit(2).build());

        assertThat(keys(first)).containsExactly("a", "b");
        assertThat(first.getMore()).isTrue();
        assertThat(first.getNextKey()).isEqualTo(bytes("c"));

        RangeResult second = replica.read(
                toTheEnd("a").setKey(first.getNextKey()).setLimit(3).build());
        assertThat(keys(second)).containsExactly("c", "d", "e");
        assertThat(second.getMore()).isFalse();
        assertThat(second.getNextKey()).isEqualTo(ByteString.EMPTY);
    }

    @Test
    void keysOnlyLeavesTheValuesOut() {
        RangeResult result = replica.read(range("a", "c").setKeysOnly(true).build());

        assertThat(result.getKvsList()).allSatisfy(key -> {
            assertThat(key.getValue()).isEqualTo(ByteString.EMPTY);
            assertThat(key.getModRevision()).isPositive();
        });
    }

    @Test
    void anAnswerOfTheSmallestRowsIsBoundedByTheirNumber() {
        for (int i = 0; i < 10_000; i++) {
            replica.apply(put("k" + i, ""));
        }

        RangeResult first = replica.read(toTheEnd("k").setKeysOnly(true).build());

        assertThat(first.getMore()).isTrue();
        assertThat(first.getKvsCount()).isBetween(5_000, 8_192);
    }

    @Test
    void keysOfLargeValuesAreListedInSteps() {
        String value = "x".repeat(1 << 20);
        for (int i = 0; i < 20; i++) {
            replica.apply(put("k" + i, value));
        }

        RangeResult first = replica.read(toTheEnd("k").setKeysOnly(true).build());

        assertThat(first.getMore()).isTrue();
        assertThat(first.getKvsCount()).isBetween(10, 16);
    }

    @Test
    void countOnlyCountsTheWholeRangeIgnoringTheLimit() {
        RangeResult result = count(toTheEnd("b").setLimit(1));

        assertThat(result.getCount()).isEqualTo(4);
        assertThat(result.getKvsCount()).isZero();
        assertThat(result.getMore()).isFalse();
        assertThat(result.getRevision()).isEqualTo(6);
        assertThat(count(range("d", "b")).getCount()).isZero();
        assertThat(replica.read(range("b", "").setCountOnly(true).build()).getCount())
                .isEqualTo(1);
        assertThat(replica.read(range("x", "").setCountOnly(true).build()).getCount())
                .isZero();
    }

    @Test
    void aCountThatNobodyWaitsForAnyMoreEndsSoonAndHasNoAnswer() {
        for (int i = 0; i < 5_000; i++) {
            replica.apply(put("k" + i, ""));
        }
        AtomicInteger looks = new AtomicInteger();
        RangeRequest all = toTheEnd("").setCountOnly(true).build();

        Optional<RangeResult> whole = replica.readWith(view -> RangeReader.count(view, all, () -> {
            looks.incrementAndGet();
            return false;
        }));
        Optional<RangeResult> ended = replica.readWith(
                view -> RangeReader.count(view, all, () -> looks.decrementAndGet() == 2));

        assertThat(whole.orElseThrow().getCount()).isEqualTo(5_005);
        assertThat(ended).isEmpty();
        assertThat(looks).as("left of the looks that a whole count takes").hasValue(2);
    }

    @Test
    void anAnswerIsBoundedInBytesAndItsContinuationReadsTheRest() {
        ByteString value = ByteString.copyFrom(new byte[100_000]);
        for (int i = 0; i < 25; i++) {
            replica.apply(put(bytes("big%02d".formatted(i)), value));
        }

        List<String> seen = new ArrayList<>();
        RangeRequest.Builder next = range("big", "bih");
        RangeResult result = replica.read(next.build());
        int answers = 1;
        while (result.getMore()) {
            assertThat(result.getSerializedSize()).isLessThan(RangeReader.MAX_ANSWER_BYTES + 1_000);
            seen.addAll(keys(result));
            result = replica.read(next.setKey(result.getNextKey()).build());
            answers++;
        }
        seen.addAll(keys(result));

        assertThat(answers).isEqualTo(3);
        assertThat(seen).hasSize(25).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aRowLargerThanTheBoundIsAnAnswerByItself() {
        replica.apply(put(
                bytes("big1"), ByteString.copyFrom(new byte[RangeReader.MAX_ANSWER_BYTES + 1])));
        replica.apply(put("big2", "small"));

        RangeResult result = replica.read(range("big", "bih").build());

        assertThat(keys(result)).containsExactly("big1");
        assertThat(result.getNextKey()).isEqualTo(bytes("big2"));
    }

    @Test
    void manyReadsSeeOneStateAndAreAnsweredInOrder() {
        replica.apply(delete("c"));
        List<RangeRequest> requests = List.of(
                range("e", "").build(),
                toTheEnd("d").build(),
                range("c", "").build(),
                range("a", "").build());

        MemoryStateStore store = replica.store();
        List<RangeResult> results = RangeReader.readAll(store.view(), requests);

        assertThat(results).extracting(RangeResult::getRevision).containsOnly(7L);
        assertThat(keys(results.get(0))).containsExactly("e");
        assertThat(keys(results.get(1))).containsExactly("d", "e");
        assertThat(keys(results.get(2))).isEmpty();
        assertThat(keys(results.get(3))).containsExactly("a");
    }

    @Test
    void aViewIsNotMovedByLaterWrites() {
        StateView view = replica.store().view();
        replica.apply(put("a", "later"));

        RangeResult result = RangeReader.read(view, range("a", "").build());

        assertThat(result.getRevision()).isEqualTo(6);
        assertThat(result.getKvs(0).getValue()).isEqualTo(bytes("value of a"));
    }

    private static RangeRequest.Builder range(String key, String end) {
        return RangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(bytes(end));
    }

    private static RangeRequest.Builder toTheEnd(String key) {
        return RangeRequest.newBuilder().setKey(bytes(key)).setRangeEnd(TO_THE_END);
    }

    private static List<String> keys(RangeResult result) {
        return result.getKvsList().stream()
                .map(key -> key.getKey().toStringUtf8())
                .toList();
    }
}
