package io.kvd.core.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;

import io.kvd.core.base.Bytes;
import io.kvd.protocol.RangeRequest;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

class ReadLineTest {
    private static final int ROW_BYTES = 1_000;
    private static final ReplyHeader HEADER = new ReplyHeader(1, 1, Bytes.EMPTY);
    private static final ByteString TO_THE_END = ByteString.copyFrom(new byte[] {0});

    private long lastRequestId;

    @Test
    void anAnswerIsChargedWithTheMostThatItCanTakeBeforeItIsMade() {
        ReadLine line = line(100 << 20);
        add(line, 7, scan(), 1);

        ReadLine.Portion portion = line.take(ReadLineTest::never);

        long most = 2 * (1 << 20) + ROW_BYTES;
        assertThat(portion.reads()).hasSize(1);
        assertThat(line.heldBytes()).isGreaterThanOrEqualTo(most);
        line.made(portion.reads().get(0), 5_000);
        assertThat(line.heldBytes()).isEqualTo(5_000);
        line.left(7, 5_000);
        assertThat(line.heldBytes()).isZero();
    }

    @Test
    void aReadWhoseAnswerFindsNoRoomWaitsUntilAnotherOneLeft() {
        ReadLine line = line(3 << 20);
        add(line, 7, scan(), 1);
        add(line, 8, scan(), 1);
        ReadLine.Portion first = line.take(ReadLineTest::never);

        assertThat(first.reads()).hasSize(1);
        assertThat(line.take(ReadLineTest::never).isEmpty()).isTrue();
        line.made(first.reads().get(0), 1 << 20);
        assertThat(line.take(ReadLineTest::never).isEmpty()).isTrue();
        assertThat(line.isStarved()).isTrue();

        assertThat(line.left(7, 1 << 20)).isTrue();
        assertThat(connections(line.take(ReadLineTest::never))).containsExactly(8L);
    }

    @Test
    void anAnswerLargerThanTheWholeBudgetIsMadeAlone() {
        ReadLine line = line(1);
        add(line, 7, scan(), 2);

        ReadLine.Portion portion = line.take(ReadLineTest::never);

        assertThat(portion.reads()).hasSize(1);
    }

    @Test
    void connectionsTakeTurnsHoweverMuchOneOfThemBrought() {
        ReadLine line = line(100 << 20);
        add(line, 7, get(), 1_000);
        add(line, 8, get(), 1);
        add(line, 9, get(), 1);

        List<Long> served = connections(line.take(ReadLineTest::never));

        assertThat(served.subList(0, 4)).containsExactly(7L, 8L, 9L, 7L);
    }

    @Test
    void whoeverComesNextFindsRoomHoweverManyHoldMuch() {
        ReadLine line = line(64 << 20);
        for (long connection = 1; connection <= 10; connection++) {
            add(line, connection, scan(), 100);
        }
        makeAllThatFits(line, 1 << 20);

        add(line, 77, get(), 1);

        assertThat(connections(line.take(ReadLineTest::never))).contains(77L);
    }

    @Test
    void whatNobodyWaitsForAnyMoreIsNotRead() {
        ReadLine line = line(64 << 20);
        add(line, 7, scan(), 3);
        add(line, 8, get(), 1);

        ReadLine.Portion portion = line.take(request -> request.origin().connectionId() == 7);

        assertThat(connections(portion)).containsExactly(8L);
        assertThat(portion.over()).hasSize(3);
        assertThat(line.waiting()).isZero();
    }

    @Test
    void whatWaitsForRoomIsTakenOutWhenItsTimeIsOver() {
        ReadLine line = line(1);
        add(line, 7, scan(), 1);
        line.take(ReadLineTest::never);
        add(line, 8, scan(), 2);
        add(line, 8, count(), 2);

        assertThat(line.takeOver(ReadLineTest::never)).isEmpty();
        assertThat(line.takeOver(request -> request.origin().connectionId() == 8))
                .hasSize(4);
        assertThat(line.waiting()).isZero();
    }

    @Test
    void countsTakeTurnsToo() {
        ReadLine line = line(1);
        add(line, 7, count(), 2);
        add(line, 8, count(), 1);

        List<Long> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            order.add(line.takeCount().get(0).connectionId());
        }

        assertThat(order).containsExactly(7L, 8L, 7L);
        assertThat(line.takeCount()).isEmpty();
    }

    @Test
    void nothingIsLostAndAllIsGivenBack() {
        ReadLine line = line(8 << 20);
        for (long connection = 1; connection <= 5; connection++) {
            add(line, connection, connection % 2 == 0 ? get() : scan(), 30);
        }

        TreeSet<Long> served = new TreeSet<>();
        List<ReadLine.Charged> out = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            ReadLine.Portion portion = line.take(ReadLineTest::never);
            for (ReadLine.Charged read : portion.reads()) {
                line.made(read, 900);
                served.add(read.read().request().origin().requestId());
                out.add(read);
            }
            assertThat(line.heldBytes()).isLessThanOrEqualTo(8 << 20);
            if (portion.isEmpty() && !out.isEmpty()) {
                line.left(out.remove(0).read().connectionId(), 900);
            }
        }
        out.forEach(read -> line.left(read.read().connectionId(), 900));

        assertThat(served).hasSize(150);
        assertThat(line.heldBytes()).isZero();
    }

    private static void makeAllThatFits(ReadLine line, int answerBytes) {
        ReadLine.Portion portion = line.take(ReadLineTest::never);
        while (!portion.isEmpty()) {
            portion.reads().forEach(read -> line.made(read, answerBytes));
            portion = line.take(ReadLineTest::never);
        }
    }

    private static List<Long> connections(ReadLine.Portion portion) {
        return portion.reads().stream().map(read -> read.read().connectionId()).toList();
    }

    private static ReadLine line(long totalBytes) {
        return new ReadLine(new AnswerLimits(totalBytes, ROW_BYTES));
    }

    private void add(ReadLine line, long connectionId, RangeRequest range, int times) {
        List<ClientRequest> requests = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            RequestOrigin origin = new RequestOrigin(connectionId, ++lastRequestId, 0, 0);
            requests.add(new ClientRequest(origin, 1, 0, new ClientRequest.Range(range)));
        }
        line.add(new ReadBatch(1, HEADER, requests));
    }

    private static RangeRequest scan() {
        return RangeRequest.newBuilder().setRangeEnd(TO_THE_END).build();
    }

    private static RangeRequest count() {
        return RangeRequest.newBuilder()
                .setRangeEnd(TO_THE_END)
                .setCountOnly(true)
                .build();
    }

    private static RangeRequest get() {
        return RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build();
    }

    private static boolean never(ClientRequest request) {
        return false;
    }
}
