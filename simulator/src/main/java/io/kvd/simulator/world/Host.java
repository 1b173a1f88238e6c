package io.kvd.simulator.world;

import io.kvd.core.base.Check;
import io.kvd.core.base.StorageException;
import io.kvd.core.node.InitialCluster;
import io.kvd.core.node.NodeInput;
import io.kvd.core.node.Work;
import io.kvd.simulator.engine.Delay;
import io.kvd.simulator.engine.Event;
import io.kvd.simulator.faults.FaultKind;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The machine of one node: its disk and its clock outlive the processes that run on it. */
public final class Host {
    /** However slow: what takes longer is as good as dead, and there are other faults for that. */
    private static final long MAX_SLOW_NANOS = 5_000_000_000L;

    private final World world;
    private final int number;
    /** Whether it runs under the id of another host's node. */
    private final boolean isImposter;

    /** What its configuration says; another one from the next start on. */
    private InitialCluster cluster;

    /** Where it listens. */
    private String address;

    private final SplittableRandom random;
    private final LocalClock clock;
    private final DoorFaults doorFaults;
    private final ShipmentTrouble shipmentTrouble;
    private NodeStores stores;
    private Life life = Life.DOWN;
    /** At most one. */
    private List<NodeProcess> process = List.of();

    private long resumesAtNanos;
    /** What waits for the end of a pause, in order. */
    private final List<Runnable> blocked = new ArrayList<>();

    private long wallOffsetMs;
    /** Everything takes so many times longer. */
    private double slowness = 1;
    /** Each fsync takes so many times longer. */
    private double fsyncSlowness = 1;

    private NodeInput.SpaceLevel space = NodeInput.SpaceLevel.ENOUGH;
    /** Whether an entry of its log is damaged, so that it may be refused. */
    private boolean damaged;
    /** Whether it was a member of a cluster when its data directory was deleted. */
    private boolean wiped;

    /** At most one: its data directory as it was. */
    private Optional<NodeStores> copy = Optional.empty();
    /** Whether it runs on such a copy. */
    private boolean isOldCopy;

    private boolean born;

    /** Whether the node's process runs, and if not, why. */
    public enum Life {
        /** Not started, or crashed. */
        DOWN,
        UP,
        /** It ended gracefully. */
        STOPPED,
        /** It halted on a failing disk. */
        HALTED,
        /** The cluster knows another data directory for it. For good. */
        REFUSED,
        /** Its log is damaged. For good. */
        DAMAGED
    }

    /** @param number among the network's hosts */
    Host(World world, int number, InitialCluster cluster, SplittableRandom random) {
        this.world = world;
        this.isImposter = number == world.options().imposterNumber();
        this.number = number;
        this.cluster = cluster;
        this.address = cluster.self().peerAddress();
        this.random = random;
        this.clock = new LocalClock(random.nextLong(1L << 40));
        this.doorFaults = new DoorFaults(world.tally());
        this.shipmentTrouble = new ShipmentTrouble(world.tally());
        this.stores = world.options().stores().make(cluster.selfId());
    }

    /** The node's id. */
    public long id() {
        return cluster.selfId();
    }

    public Life life() {
        return life;
    }

    /** Where it listens. */
    public String address() {
        return address;
    }

    /** What its process was, or will be, started with. */
    public InitialCluster configuration() {
        return cluster;
    }

    /** Its next start finds another configuration; it listens where that says that it is. */
    public void configure(InitialCluster next) {
        Check.that(life != Life.UP, "%s is configured while it runs", this);
        Check.that(next.selfId() == id(), "%s gets the configuration of another node", this);
        cluster = next;
        address = next.self().peerAddress();
    }

    boolean isImposter() {
        return isImposter;
    }

    /** Whether its data is destroyed: it will never be a member again, or must not be counted on. */
    public boolean isLost() {
        return wiped || damaged || isOldCopy || isRefused();
    }

    /** Whether it has another directory than the member that it says it is. */
    public boolean isStranger() {
        return wiped || isImposter || isOldCopy;
    }

    /** Whether it belongs to a cluster. */
    public boolean isBorn() {
        return born;
    }

    void born() {
        born = true;
    }

    private boolean isRefused() {
        return life == Life.REFUSED || life == Life.DAMAGED;
    }

    /** The process that runs, if one does. */
    public Optional<NodeProcess> process() {
        return process.isEmpty() || process.get(0).isOver()
                ? Optional.empty()
                : Optional.of(process.get(0));
    }

    /** Whether an answer over that connection would reach somebody. */
    public boolean isConnected(long connectionId) {
        return process().isPresent() && process().get().clients().isOpen(connectionId);
    }

    public DoorFaults doorFaults() {
        return doorFaults;
    }

    public int number() {
        return number;
    }

    InitialCluster cluster() {
        return cluster;
    }

    SplittableRandom random() {
        return random;
    }

    NodeStores stores() {
        return stores;
    }

    // Time.

    long localNanos() {
        return clock.at(world.timeline().nowNanos());
    }

    /** What its own clock has come to: what its node goes by, but for steps. */
    public long ownNanos() {
        return clock.exactAt(world.timeline().nowNanos());
    }

    long whenItShows(long localNanos) {
        return clock.whenItShows(localNanos);
    }

    long wallMs() {
        return world.timeline().nowNanos() / 1_000_000 + wallOffsetMs;
    }

    long wakeNanos() {
        return draw(world.options().pace().wake(), slowness);
    }

    long fsyncNanos() {
        return draw(world.options().pace().fsync(), slowness * fsyncSlowness);
    }

    long workNanos() {
        return draw(world.options().pace().work(), slowness);
    }

    private long draw(Delay delay, double factor) {
        long nanos = delay.draw(random);
        return factor == 1 ? nanos : Math.min(MAX_SLOW_NANOS, (long) (nanos * factor));
    }

    public boolean isPaused() {
        return resumesAtNanos > world.timeline().nowNanos();
    }

    /** SIGSTOP, and SIGCONT at that moment; a later one counts. */
    public void pauseUntil(long atNanos) {
        if (atNanos > resumesAtNanos) {
            resumesAtNanos = atNanos;
            world.timeline().at(atNanos, new Resume(atNanos));
        }
    }

    /** SIGCONT. */
    public void resume() {
        resumesAtNanos = 0;
        List<Runnable> waiting = List.copyOf(blocked);
        blocked.clear();
        waiting.forEach(Runnable::run);
    }

    /** Does it when the pause is over. */
    void whenResumed(Runnable body) {
        blocked.add(body);
    }

    private final class Resume extends Event {
        private final long mine;

        private Resume(long mine) {
            this.mine = mine;
        }

        @Override
        protected boolean isStale() {
            return resumesAtNanos != mine;
        }

        @Override
        protected void happen() {
            resume();
        }

        @Override
        protected String kind() {
            return "resume";
        }

        @Override
        protected long fingerprint() {
            return id();
        }

        @Override
        protected String describe() {
            return Host.this.toString();
        }
    }

    /** By how many millionths its clock is too fast from now on. */
    public void drift(int ppm) {
        clock.drift(ppm, world.timeline().nowNanos());
    }

    /** Its clock moves in steps of so many nanoseconds from now on; 1 = smoothly. */
    public void coarsen(long stepNanos) {
        clock.step(stepNanos);
    }

    public void jumpWall(long ms) {
        wallOffsetMs += ms;
    }

    public ShipmentTrouble shipmentTrouble() {
        return shipmentTrouble;
    }

    public void slowDown(double factor) {
        slowness = factor;
    }

    public void slowDownFsync(double factor) {
        fsyncSlowness = factor;
    }

    /** Free space on its disk is at that level from now on, whatever runs on it: the process is told. */
    public void space(NodeInput.SpaceLevel level) {
        space = level;
        process().ifPresent(this::tellSpace);
    }

    /** As a server's watch of the disk does, at its first look and at each change. */
    void tellSpace(NodeProcess to) {
        to.post(new NodeInput.DiskSpace(space));
    }

    // Life.

    /** Starts the node's program; nothing if it runs, or can never be a member again. */
    public void start() {
        if (life == Life.UP || isRefused()) {
            return;
        }
        life = Life.UP;
        world.remark(this, "starts");
        try {
            NodeProcess started = new NodeProcess(this, world);
            process = List.of(started);
            started.guard(started::begin);
        } catch (ProcessDied died) {
            crash();
        } catch (StorageException failure) {
            halted(failure);
        }
    }

    /** As a supervisor that starts it whatever it said: also after it was refused. */
    public void startAnyway() {
        life = life == Life.REFUSED ? Life.DOWN : life;
        start();
    }

    /** kill -9; nothing if it doesn't run. */
    public void crash() {
        if (life == Life.UP) {
            over(Life.DOWN, "is killed");
        }
    }

    /** The process, which does nothing more, is gone at that moment. */
    void diesAt(NodeProcess dying, long atNanos) {
        world.timeline().at(atNanos, new Death(dying, this::crash));
    }

    /** The process, which does nothing more, ends itself at that moment. */
    void haltsAt(NodeProcess dying, long atNanos, StorageException failure) {
        world.timeline().at(atNanos, new Death(dying, () -> halted(failure)));
    }

    private void halted(StorageException failure) {
        if (failure.kind() == StorageException.Kind.REFUSED) {
            throw new Violation("a node's own directory is taken", this + ": " + failure, failure);
        }
        if (failure.kind() == StorageException.Kind.OLDER_COPY) {
            ended(Work.Reason.FORGOT, String.valueOf(failure.getMessage()));
            return;
        }
        boolean isDamage = failure.kind() == StorageException.Kind.DAMAGE;
        if (isDamage && !damaged) {
            throw new Violation(
                    "a log that nothing damaged is whole", this + ": " + failure, failure);
        }
        if (isDamage) {
            world.tally().count(FaultKind.DAMAGE);
        }
        over(isDamage ? Life.DAMAGED : Life.HALTED, String.valueOf(failure.getMessage()));
    }

    /** The node's program ended by itself. */
    void ended(Work.Reason reason, String sentence) {
        switch (reason) {
            case STOPPED -> over(Life.STOPPED, "stops");
            case REFUSED -> over(Life.REFUSED, "is refused");
            case FORGOT -> {
                if (!isOldCopy) {
                    throw new Violation("a node's own directory is taken", this + ": " + sentence);
                }
                over(Life.REFUSED, "is an older copy: " + sentence);
            }
            case CONTRADICTED -> over(Life.REFUSED, "is the odd one: " + sentence);
        }
    }

    private void over(Life next, String how) {
        world.remark(this, how);
        life = next;
        resumesAtNanos = 0;
        blocked.clear();
        List<NodeProcess> ended = process;
        process = List.of();
        ended.forEach(NodeProcess::end);
        stores.crash(doorFaults.survivors(random));
        if (!isImposter) {
            world.observers().wentDown(this);
        }
    }

    /** The data directory is deleted; nothing if the node runs. */
    public void wipe() {
        if (life != Life.UP) {
            wiped = born;
            world.remark(this, "is wiped");
            stores.close();
            stores = world.options().stores().make(id());
            damaged = false;
            life = Life.DOWN;
            world.observers().wiped(this);
        }
    }

    /** A copy of its data directory is put aside, whether it runs or not; false if this kind of store can't. */
    public boolean keepCopy() {
        copy = stores.copy();
        return copy.isPresent();
    }

    /** The copy takes the directory's place, and nothing is left of that one; nothing if the node runs or has none. */
    public void putBackCopy() {
        if (life != Life.UP && copy.isPresent()) {
            world.remark(this, "gets an older copy of its directory");
            stores.close();
            stores = copy.get();
            copy = Optional.empty();
            isOldCopy = true;
            life = Life.DOWN;
        }
    }

    /** The copy and the directory change places, as when an operator puts the newest one back; nothing if the node runs. */
    public void swapWithCopy() {
        if (life != Life.UP && copy.isPresent()) {
            NodeStores aside = stores;
            stores = copy.get();
            copy = Optional.of(aside);
            isOldCopy = !isOldCopy;
        }
    }

    /** Whether it forgot what it had promised: it must be refused before it has a say. */
    public boolean isOldCopy() {
        return isOldCopy;
    }

    /** Flips a bit of a persisted entry; false if there is none, or the stores can't. */
    public boolean damage(long index) {
        boolean done = !damaged && stores.damage(NodeProcess.GROUP_ID, index);
        damaged |= done;
        return done;
    }

    void close() {
        stores.close();
    }

    private final class Death extends Event {
        private final NodeProcess dying;
        private final Runnable how;

        private Death(NodeProcess dying, Runnable how) {
            this.dying = dying;
            this.how = how;
        }

        // Something else may have killed it meanwhile.
        @Override
        protected boolean isStale() {
            return process.isEmpty() || process.get(0) != dying;
        }

        @Override
        protected void happen() {
            how.run();
        }

        @Override
        protected String kind() {
            return "die";
        }

        @Override
        protected long fingerprint() {
            return id();
        }

        @Override
        protected String describe() {
            return Host.this.toString();
        }
    }

    @Override
    public String toString() {
        return "n" + id() + (isImposter ? "'" : "");
    }
}
