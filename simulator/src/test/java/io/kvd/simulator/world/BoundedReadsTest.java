package io.kvd.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.protocol.Code;
import io.kvd.protocol.Reply;

import org.junit.jupiter.api.Test;

import java.util.TreeMap;

/** A bounded read shows all that was written more than its bound before, whatever happened to who answers it. */
class BoundedReadsTest {
    private static final long MILLI = 1_000_000;
    private static final int BOUND_MS = 500;

    private final ClusterScenario scenario = ClusterScenario.started(3, 21);
    /** By the moment at which its write was answered: the value. */
    private final TreeMap<Long, Integer> written = new TreeMap<>();

    private int lastValue;
    private int served;

    @Test
    void aMemberThatIsWellServesThemItself() {
        long follower = follower();

        writeAndRead(follower, 2_000);

        assertThat(served).isGreaterThan(10);
        scenario.world.isolate(follower);
        assertThat(read(follower).getCode()).as("without asking anybody").isEqualTo(Code.OK);
    }

    @Test
    void aPauseIsCounted() {
        long follower = follower();
        writeAndRead(follower, 1_000);
        Host host = scenario.world.host(follower);
        host.pauseUntil(scenario.world.nowNanos() + 60_000 * MILLI);
        write();
        scenario.world.runFor(59_999);

        writeAndRead(follower, 2_000);
    }

    @Test
    void aRestartKnowsNothingUntilItIsConfirmedAnew() {
        long follower = follower();
        writeAndRead(follower, 1_000);
        scenario.world.host(follower).crash();
        for (int i = 0; i < 50; i++) {
            write();
        }
        scenario.world.runFor(2_000);
        scenario.world.host(follower).start();

        writeAndRead(follower, 2_000);
    }

    @Test
    void timeOnTheWayIsCounted() {
        long follower = follower();
        long leader = scenario.leader();
        for (int i = 0; i < 10; i++) {
            write();
            int from = scenario.world.host(leader).number();
            int to = scenario.world.host(follower).number();
            scenario.world.network().clog(from, to);
            scenario.world.runFor(40);
            write();
            scenario.world.isolate(follower);
            scenario.world.runFor(2_000);
            scenario.world.network().unclog(from, to);
            readFor(follower, 200);
            scenario.world.heal();
            writeAndRead(follower, 400);
        }
    }

    private long follower() {
        write();
        return scenario.leader() % 3 + 1;
    }

    private void write() {
        scenario.put("a", String.valueOf(++lastValue));
        written.put(scenario.world.nowNanos(), lastValue);
    }

    private void writeAndRead(long node, long ms) {
        long end = scenario.world.nowNanos() + ms * MILLI;
        while (scenario.world.nowNanos() < end) {
            write();
            readFor(node, 20);
        }
    }

    private void readFor(long node, long ms) {
        long end = scenario.world.nowNanos() + ms * MILLI;
        while (scenario.world.nowNanos() < end) {
            long asked = scenario.world.nowNanos();
            Reply reply = read(node);
            if (reply.getCode() == Code.OK) {
                served++;
                var floor = written.floorEntry(asked - BOUND_MS * MILLI);
                int value =
                        Integer.parseInt(reply.getRange().getKvs(0).getValue().toStringUtf8());
                assertThat(value)
                        .as("read by node %d at %d ms", node, asked / MILLI)
                        .isGreaterThanOrEqualTo(floor == null ? 0 : floor.getValue());
            }
            scenario.world.runFor(1);
        }
    }

    private Reply read(long node) {
        return scenario.ask(node, scenario.requests.bounded("a", BOUND_MS));
    }
}
