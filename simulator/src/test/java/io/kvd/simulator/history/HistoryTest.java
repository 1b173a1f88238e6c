package io.kvd.simulator.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.InvariantViolation;

import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Operation GET = new Operation.Get(Bytes.utf8("k"));
    private static final Response ABSENT = new Response.Absent();

    private final History history = new History();

    @Test
    void eventsAtOneTimeKeepTheOrderOfTheirRecords() {
        long first = history.call(1, GET, 10);
        history.ok(first, ABSENT, 10);
        long second = history.call(2, GET, 10);
        history.ok(second, ABSENT, 10);

        assertThat(history.invocations())
                .containsExactly(
                        new Invocation(1, GET, 10, new Invocation.Ok(ABSENT, 11)),
                        new Invocation(2, GET, 12, new Invocation.Ok(ABSENT, 13)));
    }

    @Test
    void outcomesAreKeptAndAnOpenOperationIsUnknown() {
        long failed = history.call(1, GET, 1);
        long unknown = history.call(2, GET, 2);
        history.call(3, GET, 3);
        history.unknown(unknown, 4);
        history.fail(failed, 5);

        assertThat(history.invocations())
                .extracting(Invocation::outcome)
                .containsExactly(
                        new Invocation.Failed(5),
                        new Invocation.Unknown(4),
                        new Invocation.Unknown(Long.MAX_VALUE));
    }

    @Test
    void operationEndsOnceAndIsAnsweredInItsKind() {
        long id = history.call(1, GET, 1);
        history.ok(id, new Response.Deleted(true, 2), 2);

        assertThatThrownBy(() -> history.fail(id, 3))
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("closed twice");
        assertThatThrownBy(history::invocations)
                .isInstanceOf(InvariantViolation.class)
                .hasMessageContaining("does not answer");
    }
}
