package io.kvd.simulator.run;

import io.kvd.core.node.NodeInput;
import io.kvd.core.raft.RaftCore;
import io.kvd.simulator.engine.Later;
import io.kvd.simulator.faults.Fault;
import io.kvd.simulator.faults.FaultKind;
import io.kvd.simulator.world.DoorFaults.Trap;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.World;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/** What happens to nodes: their processes, clocks and disks, and what operators do. Starts again what went down. */
final class NodeFaults implements Observer {
    /** Door calls until a trap goes off, at most: a few turns. */
    private static final int MAX_CALLS = 24;

    private static final long MILLI = 1_000_000;
    private static final long USUAL_DOWN_NANOS = 50 * MILLI;
    private static final int MAX_CRASHES_IN_A_ROW = 4;

    private final World world;
    /** By node id: how long it stays down when it goes down next. */
    private final TreeMap<Long, Long> downNanos = new TreeMap<>();
    /** By node id: how many of its next starts end at once. */
    private final TreeMap<Long, Integer> crashesLeft = new TreeMap<>();
    /** Nodes of which a copy waits to be put back. */
    private final TreeSet<Long> copied = new TreeSet<>();

    private boolean stopped;

    NodeFaults(World world) {
        this.world = world;
    }

    /** Starts nothing any more, and ends nothing. */
    void stop() {
        stopped = true;
        crashesLeft.clear();
    }

    void happen(Fault fault, Host target, SplittableRandom random) {
        switch (fault.kind()) {
            case CRASH -> crash(fault, target);
            case CRASH_ALL -> crashAll(fault, random);
            case CRASH_LOOP -> crashLoop(fault, target, random);
            case CRASH_IN_TURN ->
                arm(fault, target, random.nextBoolean() ? Trap.DIE_BEFORE : Trap.DIE_AFTER, random);
            case PAUSE -> pause(fault, target);
            case PAUSE_IN_TURN ->
                target.doorFaults().arm(Trap.STALL, random.nextInt(MAX_CALLS), fault.lastsNanos());
            case SLOW_NODE -> {
                target.slowDown(fault.rate());
                counted(fault, () -> target.slowDown(1));
            }
            case WIPE -> wipe(fault, target);
            case IMPOSTER -> imposter(fault, target);
            case OLD_COPY -> putBackLater(fault, target);
            case DRIFT -> {
                target.drift((int) ((2 * fault.rate() - 1) * 100_000));
                counted(fault, () -> target.drift(0));
            }
            case WALL_JUMP -> {
                target.jumpWall(random.nextLong(-1L << 42, 1L << 42));
                world.tally().count(FaultKind.WALL_JUMP);
            }
            case COARSE_TIMER -> {
                target.coarsen(1 + (long) (fault.rate() * 40 * MILLI));
                counted(fault, () -> target.coarsen(1));
            }
            case FSYNC_ERROR ->
                arm(
                        fault,
                        target,
                        random.nextBoolean() ? Trap.LOG_WRITE_LOST : Trap.LOG_WRITE_KEPT,
                        random);
            case NO_SPACE -> arm(fault, target, Trap.LOG_FULL, random);
            case READ_ERROR ->
                arm(fault, target, random.nextBoolean() ? Trap.LOG_READ : Trap.STATE_READ, random);
            case STATE_ERROR ->
                arm(
                        fault,
                        target,
                        random.nextBoolean() ? Trap.STATE_WRITE : Trap.STATE_FLUSH,
                        random);
            case DAMAGE -> damage(fault, target, random);
            case SLOW_FSYNC -> {
                target.slowDownFsync(fault.rate());
                counted(fault, () -> target.slowDownFsync(1));
            }
            case TRANSFER -> transfer(target, random);
            case RESTART -> restart(fault, target);
            case LOW_SPACE -> lowSpace(fault, target);
            default -> throw new AssertionError("unhandled " + fault);
        }
    }

    private void after(long nanos, String what, Runnable body) {
        world.timeline().after(nanos, new Later("fault-end", what, body));
    }

    private void counted(Fault fault, Runnable end) {
        world.tally().count(fault.kind());
        after(fault.lastsNanos(), fault.kind().name(), end);
    }

    private void crash(Fault fault, Host target) {
        if (target.life() == Host.Life.UP) {
            world.tally().count(fault.kind());
            downNanos.put(target.id(), fault.lastsNanos());
            target.crash();
        }
    }

    private void crashAll(Fault fault, SplittableRandom random) {
        world.tally().count(FaultKind.CRASH_ALL);
        for (Host host : world.hosts()) {
            downNanos.put(host.id(), random.nextLong(1 + fault.lastsNanos()));
            host.crash();
        }
    }

    private void crashLoop(Fault fault, Host target, SplittableRandom random) {
        crashesLeft.put(target.id(), 1 + random.nextInt(MAX_CRASHES_IN_A_ROW));
        if (target.life() == Host.Life.UP) {
            downNanos.put(target.id(), fault.lastsNanos() / 20);
            target.crash();
        }
    }

    private void arm(Fault fault, Host target, Trap trap, SplittableRandom random) {
        downNanos.put(target.id(), fault.lastsNanos());
        target.doorFaults().arm(trap, random.nextInt(MAX_CALLS), 0);
    }

    private void pause(Fault fault, Host target) {
        if (target.life() == Host.Life.UP) {
            world.tally().count(FaultKind.PAUSE);
            target.pauseUntil(world.nowNanos() + fault.lastsNanos());
        }
    }

    // Not unless a majority remains that was born and has its data: a cluster of which the few that
    // were born are lost is never born again.
    private boolean mayLoseData(Host target) {
        long others = world.hosts().stream()
                .filter(host -> host != target && host.isBorn() && !host.isLost())
                .count();
        return target.isBorn() && others > world.hosts().size() / 2;
    }

    private void wipe(Fault fault, Host target) {
        if (mayLoseData(target) && target.life() == Host.Life.UP) {
            world.tally().count(FaultKind.WIPE);
            downNanos.put(target.id(), fault.lastsNanos());
            target.crash();
            target.wipe();
        }
    }

    // In between it is started again, so that the others see later lives of it than the copy's next
    // one: only then is it certain that each of them remembers (docs/adr/0011).
    private void putBackLater(Fault fault, Host target) {
        Optional<NodeProcess> process = target.process();
        // A second copy would take the first one's place, and be put back in its stead, too young.
        if (process.isEmpty()
                || !mayLoseData(target)
                || copied.contains(target.id())
                || !target.keepCopy()) {
            return;
        }
        copied.add(target.id());
        long life = process.get().identity().incarnation();
        after(fault.lastsNanos() / 3, "restart " + target, () -> crashUnlessStopped(target));
        after(fault.lastsNanos() * 2 / 3, "restart " + target, () -> crashUnlessStopped(target));
        after(fault.lastsNanos(), "put back " + target, () -> putBack(target, life + 1));
    }

    private void crashUnlessStopped(Host target) {
        if (!stopped) {
            target.crash();
        }
    }

    private void putBack(Host target, long nextLife) {
        copied.remove(target.id());
        boolean allRemember = world.hosts().stream()
                .filter(host -> host != target)
                .allMatch(host -> host.isLost()
                        || host.process().map(p -> p.remembers(target.id())).orElse(0L) > nextLife);
        if (!stopped && allRemember && mayLoseData(target) && !target.isLost()) {
            world.tally().count(FaultKind.OLD_COPY);
            target.crash();
            target.putBackCopy();
        }
    }

    // Not while a wiped member may ask to be born: if it meets one imposter of each of the others,
    // these
    // are a new cluster, which nobody can tell from one that never was.
    private void imposter(Fault fault, Host target) {
        boolean wipedAsks = world.hosts().stream()
                .anyMatch(host -> host.isStranger() && host.life() != Host.Life.REFUSED);
        if (Leaders.raftOf(target).isPresent() && world.hosts().size() > 1 && !wipedAsks) {
            world.startImposter(target.id());
            counted(fault, world::endImposter);
        }
    }

    private void damage(Fault fault, Host target, SplittableRandom random) {
        Optional<RaftCore> raft = Leaders.raftOf(target);
        if (raft.isEmpty() || !mayLoseData(target)) {
            return;
        }
        long first = raft.get().logStart().index() + 1;
        long last = raft.get().persistedIndex();
        boolean done = last >= first && target.damage(random.nextLong(first, last + 1));
        if (done && random.nextBoolean()) {
            downNanos.put(target.id(), fault.lastsNanos());
            target.crash();
        }
    }

    private void transfer(Host target, SplittableRandom random) {
        Optional<NodeProcess> process = target.process();
        if (process.isPresent() && !target.isPaused()) {
            long to =
                    random.nextBoolean() ? 0 : 1 + random.nextInt(world.hosts().size());
            process.get().handOverLeadership(to);
            boolean began = process.get().raft().map(RaftCore::isTransferring).orElse(false);
            if (began) {
                world.tally().count(FaultKind.TRANSFER);
            }
        }
    }

    private void restart(Fault fault, Host target) {
        if (target.life() == Host.Life.UP) {
            world.tally().count(FaultKind.RESTART);
            downNanos.put(target.id(), fault.lastsNanos());
            world.inform(target.id(), new NodeInput.StopRequested());
        }
    }

    private void lowSpace(Fault fault, Host target) {
        target.space(NodeInput.SpaceLevel.LOW);
        counted(fault, () -> target.space(NodeInput.SpaceLevel.ENOUGH));
    }

    @Override
    public void wentDown(Host host) {
        long down = Optional.ofNullable(downNanos.remove(host.id())).orElse(USUAL_DOWN_NANOS);
        after(down, "start " + host, () -> {
            if (!stopped) {
                host.start();
            }
        });
    }

    @Override
    public void started(NodeProcess process) {
        Host host = process.host();
        int left = crashesLeft.getOrDefault(host.id(), 0);
        if (left > 0) {
            crashesLeft.put(host.id(), left - 1);
            world.tally().count(FaultKind.CRASH_LOOP);
            // From the first door calls to some turns on.
            host.doorFaults().arm(Trap.DIE_AFTER, left * 2, 0);
        }
    }
}
