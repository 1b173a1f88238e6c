package io.kvd.simulator.run;

import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.world.Door;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Kills nodes where it is told to, one crash after the other, and writes down the door calls. */
final class Crashes implements Observer {
    private final World world;
    private final List<CrashPoint> points;
    /** Calls are written down until then: traps are taken away when recovery begins. */
    private final long endNanos;
    /** By node id, since the last crash that came about. */
    private final TreeMap<Long, List<Door>> calls = new TreeMap<>();

    private int done;

    Crashes(World world, List<CrashPoint> points, long endNanos) {
        this.world = world;
        this.points = List.copyOf(points);
        this.endNanos = endNanos;
        armNext();
    }

    private void armNext() {
        if (done < points.size()) {
            CrashPoint point = points.get(done);
            Host host = world.host(point.nodeId());
            host.doorFaults().arm(point.moment().trap(), point.call() - 1, 0);
        }
    }

    @Override
    public void atDoor(Host host, Door door) {
        if (world.nowNanos() >= endNanos) {
            return;
        }
        List<Door> ofHost = calls.computeIfAbsent(host.id(), id -> new ArrayList<>());
        ofHost.add(door);
        boolean diesHere = done < points.size()
                && points.get(done).nodeId() == host.id()
                && points.get(done).call() == ofHost.size();
        if (diesHere) {
            host.doorFaults().leave(points.get(done).moment().left());
        }
    }

    @Override
    public void wentDown(Host host) {
        if (world.tally().of(FaultKind.CRASH_IN_TURN) > done) {
            done++;
            calls.clear();
            armNext();
        }
    }

    /** How many came about. */
    int done() {
        return done;
    }

    /** What nodes called, in order, by node id: in the whole run, or from the last crash on. */
    Map<Long, List<Door>> calls() {
        return Collections.unmodifiableMap(calls);
    }
}
