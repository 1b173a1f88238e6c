package io.kvd.simulator.run;

import io.kvd.core.node.PeerIdentity;
import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.engine.Later;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.net.Network;
import io.kvd.simulator.net.Path;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.BiPredicate;

/** What goes wrong between nodes. */
final class NetworkFaults {
    /** A clock that is a tenth as fast. */
    private static final int CREEP_PPM = -900_000;

    private final World world;
    private final Network network;
    private boolean stopped;

    NetworkFaults(World world) {
        this.world = world;
        this.network = world.network();
    }

    void happen(Fault fault, Host target, SplittableRandom random) {
        switch (fault.kind()) {
            case LOSS -> trouble(fault, Path.Kind.LOSS, target, random);
            case DELAY -> trouble(fault, Path.Kind.DELAY, target, random);
            case REORDER -> trouble(fault, Path.Kind.REORDER, target, random);
            case DUPLICATE -> trouble(fault, Path.Kind.DUPLICATE, target, random);
            case CORRUPTION -> trouble(fault, Path.Kind.CORRUPTION, target, random);
            case BANDWIDTH -> trouble(fault, Path.Kind.BANDWIDTH, target, random);
            case REPLAY -> replay(fault, random);
            case PARTITION -> partition(fault, random);
            case ONE_WAY_CUT -> oneWay(fault, target, random);
            case PARTIAL_CUT -> {
                Host other = other(target, random);
                cut(fault, (from, to) -> isPair(from, to, target, other));
            }
            case BRIDGE -> bridge(fault, target, random);
            case RING -> ring(fault);
            case FLAPPING -> flap(fault, target, other(target, random));
            case CLOG -> clog(fault, target);
            case SWIZZLE -> swizzle(fault, random);
            case RESET -> reset(fault, target, random);
            case MANGLED_SNAPSHOT -> {
                target.shipmentTrouble().begin(fault.rate(), random);
                after(fault.lastsNanos(), "MANGLED_SNAPSHOT", target.shipmentTrouble()::end);
            }
            case LAGGING_LEADER -> lag(fault, target, random);
            case FORGERY -> forge(fault, target, random);
            default -> throw new AssertionError("unhandled " + fault);
        }
    }

    private Host other(Host than, SplittableRandom random) {
        int count = world.hosts().size();
        if (count == 1) {
            return than;
        }
        int shift = 1 + random.nextInt(count - 1);
        return world.hosts().get((than.number() + shift) % count);
    }

    private static boolean isPair(Host from, Host to, Host one, Host other) {
        return (from == one && to == other) || (from == other && to == one);
    }

    /** Breaks nothing any more. */
    void stop() {
        stopped = true;
    }

    private void after(long nanos, String what, Runnable body) {
        world.timeline().after(nanos, new Later("fault-end", what, body));
    }

    private void breakAfter(long nanos, String what, Runnable body) {
        world.timeline().after(nanos, new Later("fault", what, () -> {
            if (!stopped) {
                body.run();
            }
        }));
    }

    // What it does to frames is counted where it happens to one.
    private void trouble(Fault fault, Path.Kind kind, Host target, SplittableRandom random) {
        boolean isEverywhere = random.nextBoolean();
        Path.Trouble trouble = new Path.Trouble(kind, fault.rate());
        List<Path> paths = new ArrayList<>();
        for (Host from : world.hosts()) {
            for (Host to : world.hosts()) {
                if (from != to && (isEverywhere || from == target || to == target)) {
                    paths.add(network.path(from.number(), to.number()));
                }
            }
        }
        paths.forEach(path -> path.begin(trouble));
        boolean countsOnce = kind == Path.Kind.DELAY || kind == Path.Kind.BANDWIDTH;
        if (countsOnce && !paths.isEmpty()) {
            world.tally().count(fault.kind());
        }
        after(fault.lastsNanos(), fault.kind().name(), () -> paths.forEach(p -> p.end(trouble)));
    }

    private void replay(Fault fault, SplittableRandom random) {
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            breakAfter(random.nextLong(1 + fault.lastsNanos()), "REPLAY", () -> {
                if (world.replayOldFrame()) {
                    world.tally().count(FaultKind.REPLAY);
                }
            });
        }
    }

    private void forge(Fault fault, Host target, SplittableRandom random) {
        int count = 1 + random.nextInt(10);
        for (int i = 0; i < count; i++) {
            breakAfter(random.nextLong(1 + fault.lastsNanos()), "FORGERY", () -> {
                Host from = other(target, random);
                boolean isSent = from != target && forge(from, target, random);
                if (isSent) {
                    world.tally().count(FaultKind.FORGERY);
                }
            });
        }
    }

    private boolean forge(Host from, Host target, SplittableRandom random) {
        Optional<RaftCore> raft = Leaders.raftOf(target);
        if (raft.isEmpty()) {
            return false;
        }
        PeerIdentity to = target.process().orElseThrow().identity();
        Forgery forgery = new Forgery(from.id(), to, random);
        return world.forge(from, target, forgery.lieTo(raft.get()));
    }

    /** Cuts the directions that the predicate names, for as long as the fault lasts. */
    private void cut(Fault fault, BiPredicate<Host, Host> isCut) {
        List<Host[]> pairs = new ArrayList<>();
        for (Host from : world.hosts()) {
            for (Host to : world.hosts()) {
                if (from != to && isCut.test(from, to)) {
                    pairs.add(new Host[] {from, to});
                }
            }
        }
        if (pairs.isEmpty()) {
            return;
        }
        world.tally().count(fault.kind());
        pairs.forEach(pair -> network.cut(pair[0].number(), pair[1].number()));
        after(
                fault.lastsNanos(),
                fault.kind().name(),
                () -> pairs.forEach(pair -> network.join(pair[0].number(), pair[1].number())));
    }

    private void partition(Fault fault, SplittableRandom random) {
        long side = random.nextLong();
        cut(fault, (from, to) -> isOn(side, from) != isOn(side, to));
    }

    private static boolean isOn(long side, Host host) {
        return (side >> host.number() & 1) != 0;
    }

    private void oneWay(Fault fault, Host target, SplittableRandom random) {
        boolean isDeaf = random.nextBoolean();
        cut(fault, (from, to) -> (isDeaf ? to : from) == target);
    }

    private void bridge(Fault fault, Host target, SplittableRandom random) {
        long side = random.nextLong();
        cut(
                fault,
                (from, to) -> from != target && to != target && isOn(side, from) != isOn(side, to));
    }

    private void ring(Fault fault) {
        int count = world.hosts().size();
        cut(fault, (from, to) -> {
            int distance = Math.floorMod(from.number() - to.number(), count);
            return distance != 1 && distance != count - 1;
        });
    }

    private void flap(Fault fault, Host one, Host other) {
        int flaps = 10;
        Fault flap = new Fault(
                fault.kind(),
                fault.atNanos(),
                fault.lastsNanos() / flaps / 2,
                fault.target(),
                fault.rate(),
                fault.salt());
        for (int i = 0; i < flaps; i++) {
            breakAfter(
                    fault.lastsNanos() / flaps * i,
                    "FLAPPING",
                    () -> cut(flap, (from, to) -> isPair(from, to, one, other)));
        }
    }

    private void clog(Fault fault, Host target) {
        for (Host other : world.hosts()) {
            if (other != target) {
                world.tally().count(FaultKind.CLOG);
                clogPair(target, other);
                after(fault.lastsNanos(), "CLOG", () -> unclogPair(target, other));
            }
        }
    }

    private void clogPair(Host one, Host other) {
        network.clog(one.number(), other.number());
        network.clog(other.number(), one.number());
    }

    private void unclogPair(Host one, Host other) {
        network.unclog(one.number(), other.number());
        network.unclog(other.number(), one.number());
    }

    private void swizzle(Fault fault, SplittableRandom random) {
        List<Host[]> pairs = new ArrayList<>();
        for (Host one : world.hosts()) {
            for (Host other : world.hosts()) {
                if (one.number() < other.number() && random.nextBoolean()) {
                    pairs.add(new Host[] {one, other});
                }
            }
        }
        long half = fault.lastsNanos() / 2 + 1;
        Collections.shuffle(pairs, new Random(random.nextLong()));
        for (int i = 0; i < pairs.size(); i++) {
            Host[] pair = pairs.get(i);
            breakAfter(half * i / pairs.size(), "SWIZZLE", () -> {
                world.tally().count(FaultKind.SWIZZLE);
                clogPair(pair[0], pair[1]);
            });
        }
        Collections.shuffle(pairs, new Random(random.nextLong()));
        for (int i = 0; i < pairs.size(); i++) {
            Host[] pair = pairs.get(i);
            after(half + half * i / pairs.size(), "SWIZZLE", () -> unclogPair(pair[0], pair[1]));
        }
    }

    // The others elect another one meanwhile; what was under way to it before comes first.
    private void lag(Fault fault, Host target, SplittableRandom random) {
        world.tally().count(FaultKind.LAGGING_LEADER);
        target.drift(CREEP_PPM);
        after(fault.lastsNanos(), "LAGGING_LEADER", () -> target.drift(0));
        for (Host other : world.hosts()) {
            if (other != target) {
                long lasts = fault.lastsNanos() / 2 + random.nextLong(1 + fault.lastsNanos() / 2);
                clogPair(target, other);
                after(lasts, "LAGGING_LEADER", () -> unclogPair(target, other));
            }
        }
    }

    private void reset(Fault fault, Host target, SplittableRandom random) {
        Host other = other(target, random);
        if (other != target && world.resetConnection(target.id(), other.id())) {
            world.tally().count(fault.kind());
        }
    }
}
