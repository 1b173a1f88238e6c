package io.kvd.core.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.client.Call.Purpose;
import io.kvd.core.client.ClientCall.Ask;
import io.kvd.core.client.ClientCall.Question;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

class RequestRingTest {

    @Test
    void slowRequestKeepsItsIdWhileManyOthersPass() {
        RequestRing ring = new RequestRing();
        Call slow = call();
        ring.add(slow);
        Deque<Call> others = new ArrayDeque<>();
        for (int i = 0; i < 10_000; i++) {
            Call other = call();
            ring.add(other);
            others.add(other);
            if (others.size() > 6) {
                Call done = others.remove();
                assertThat(ring.remove(done.requestId)).containsSame(done);
                assertThat(ring.remove(done.requestId)).isEmpty();
            }
        }

        assertThat(ring.remove(slow.requestId)).containsSame(slow);
        assertThat(ring.size()).isEqualTo(6);
    }

    @Test
    void growingKeepsAllIds() {
        RequestRing ring = new RequestRing();
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Call call = call();
            ring.add(call);
            calls.add(call);
        }

        assertThat(ring.removeAll()).isEqualTo(calls);
        assertThat(ring.size()).isZero();
        assertThat(ring.remove(1)).isEmpty();
    }

    private static Call call() {
        return new Call(0, 0, new Ask("a:1", Question.PING, 1), Purpose.USER, 0);
    }
}
