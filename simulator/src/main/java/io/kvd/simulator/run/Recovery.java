package io.kvd.simulator.run;

import io.kvd.core.node.NodeEvents;
import io.kvd.core.node.NodeInput;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.RaftCore;
import io.kvd.core.raft.RoleName;
import io.kvd.simulator.engine.Later;
import io.kvd.simulator.net.Network;
import io.kvd.simulator.plan.Knobs;
import io.kvd.simulator.world.ClientHost;
import io.kvd.simulator.world.Host;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.Violation;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;

/**
 * What must come when faults stop: first a random majority is made well while the rest stays as broken as it is, then
 * everybody. Each time there is a leader within some election timeouts, every client is answered and its next write
 * succeeds, and all who are well come to the same state. A leader that then loses one of its members stays in office.
 */
final class Recovery implements Observer {
    private static final long MILLI = 1_000_000;

    /** Once there is a leader, at most so many more elections follow. */
    private static final int MAX_FURTHER_ELECTIONS = 3;

    /** Within so many of the longest election timeouts there is a leader that stays. */
    private static final int TIMEOUTS_TO_LEADER = 20;

    /** A peer is dialled again 5 s after a handshake without an answer, and 1 s of back-off. */
    private static final long RECONNECT_NANOS = 6_000 * MILLI;

    /**
     * A client notices a dead connection after 2 s, dials for up to 2 s, and backs off for up to 1 s, once for each
     * node that it may try in vain.
     */
    private static final long CLIENT_NANOS_PER_NODE = 6_000 * MILLI;

    /** A write that is tried for so long without success is tried anew. */
    private static final int LAST_WRITE_MS = 3_000;

    /** For so many of the longest election timeouts a leader must stay. */
    private static final int CALM_TIMEOUTS = 6;

    private static final int STAYS = 2;
    private static final int HAND_OVERS = 3;
    /** Within so many of the longest election timeouts an heir leads. */
    private static final int HAND_OVER_TIMEOUTS = 2;

    private static final int SUCCESSIONS = 3;
    private static final int ROOMS = 3;

    /** Within so many of the longest election timeouts an unfit leader is followed: its longest pause, and more. */
    private static final int UNFIT_TIMEOUTS = 12;

    private static final long CHECK_MS = 20;
    private static final long RESTART_NANOS = 50 * MILLI;

    private final World world;
    private final Knobs knobs;
    private final List<ClientDriver> drivers;
    private final SplittableRandom random;
    /** Who is to run: what a fault of before still ends is started again. */
    private List<Host> well = List.of();

    private long elections;

    Recovery(World world, Knobs knobs, List<ClientDriver> drivers) {
        this.world = world;
        this.knobs = knobs;
        this.drivers = drivers;
        this.random = world.streams().named("recovery");
    }

    /** @throws Violation if what must come does not */
    void run() {
        world.addObserver(this);
        // A machine whose data is destroyed is taken away.
        world.hosts().stream().filter(Host::isLost).forEach(Host::crash);
        List<Host> able = new ArrayList<>(world.hosts());
        able.removeIf(Host::isLost);
        int majority = world.hosts().size() / 2 + 1;
        if (able.size() < majority) {
            throw new Violation(
                    "faults stay within their budget", able.size() + " members are left");
        }
        List<Host> core = new ArrayList<>(able);
        Collections.shuffle(core, new Random(random.nextLong()));
        core = core.subList(0, majority + random.nextInt(able.size() - majority + 1));
        // A birth needs all members.
        boolean mayPart = able.stream().allMatch(Host::isBorn);
        if (mayPart && core.size() < able.size()) {
            keepBroken(core);
            makeWell(core);
            expect(core, "a majority that is well");
        }
        world.heal();
        world.endImposter();
        makeWell(able);
        expect(able, "a cluster that is well");
        if (able.size() > majority) {
            expectToStay(able);
            expectHandOver(able);
            expectSuccession(able);
            expectCatchUp(able);
            expectRoomForTheFit(able);
        }
    }

    private void expectCatchUp(List<Host> members) {
        await(() -> leaderOf(members) != 0, leaderMs());
        Host leader = world.host(leaderOf(members));
        Host away = members.get((members.indexOf(leader) + 1) % members.size());
        new CatchUpTrial(world, knobs, drivers).run(leader, away);
        expectService(members, "a cluster with a member that was away");
        expectEqual(members, "a cluster with a member that was away");
    }

    // Whoever is not of the core and not broken already is cut off, in one direction at least.
    private void keepBroken(List<Host> core) {
        Network network = world.network();
        for (Host other : world.hosts()) {
            if (core.contains(other)) {
                continue;
            }
            boolean dies = random.nextInt(3) == 0;
            boolean isDeaf = random.nextBoolean();
            boolean isMute = !isDeaf || random.nextBoolean();
            for (Host member : core) {
                if (isDeaf) {
                    network.cut(member.number(), other.number());
                }
                if (isMute) {
                    network.cut(other.number(), member.number());
                }
            }
            if (dies) {
                other.crash();
            }
        }
    }

    private void makeWell(List<Host> members) {
        well = members;
        Network network = world.network();
        for (Host one : members) {
            for (Host other : members) {
                network.heal(one.number(), other.number());
            }
            for (ClientHost client : world.clients()) {
                network.heal(one.number(), client.number());
            }
            // Who answers under a member's id takes its connections away: with one, nobody is well.
            world.endImposterOf(one.id());
            one.shipmentTrouble().end();
            one.doorFaults().disarmAll();
            one.drift(0);
            one.coarsen(1);
            one.slowDown(1);
            one.slowDownFsync(1);
            one.space(NodeInput.SpaceLevel.ENOUGH);
            one.resume();
            one.start();
        }
    }

    @Override
    public void wentDown(Host host) {
        world.timeline().after(RESTART_NANOS, new Later("restart", host.toString(), () -> {
            if (well.contains(host)) {
                host.start();
            }
        }));
    }

    @Override
    public void happened(NodeProcess process, NodeEvents.Event event) {
        boolean isElection =
                event instanceof NodeEvents.RoleTaken taken && taken.role() == RoleName.LEADER;
        elections += isElection && well.contains(process.host()) ? 1 : 0;
    }

    private void expect(List<Host> members, String who) {
        long leaderMs = leaderMs();
        if (!await(() -> leaderOf(members) != 0, leaderMs)) {
            throw new Violation(
                    "a majority elects a leader",
                    "%s has none after %d ms: %s".formatted(who, leaderMs, describe(members)));
        }
        elections = 0;
        long clientMs = clientMs();
        if (!await(() -> world.clients().stream().allMatch(c -> c.pendingCount() == 0), clientMs)) {
            throw new Violation(
                    "every operation ends", "%s: some do not after %d ms".formatted(who, clientMs));
        }
        expectToCommit(members, who);
        expectService(members, who);
        if (elections > MAX_FURTHER_ELECTIONS) {
            throw new Violation(
                    "leadership settles", "%s had %d further elections".formatted(who, elections));
        }
        expectEqual(members, who);
        expectNothingHeld(members, who);
    }

    private void expectService(List<Host> members, String who) {
        long maxMs = clientMs();
        drivers.forEach(driver -> driver.beginLastWrite(LAST_WRITE_MS));
        if (!await(() -> drivers.stream().allMatch(ClientDriver::isLastWriteDone), maxMs)) {
            throw new Violation(
                    "a majority serves its clients",
                    "%s does not after %d ms: %s".formatted(who, maxMs, describe(members)));
        }
    }

    // What clients gave up on, too.
    private void expectToCommit(List<Host> members, String who) {
        long last = highest(raft -> raft.lastId().index());
        boolean isDone = await(
                () -> highest(RaftCore::appliedIndex) >= last
                        || highest(raft -> raft.lastId().index()) < last,
                leaderMs());
        if (!isDone) {
            throw new Violation(
                    "a majority commits what it has",
                    "%s: not up to %d: %s".formatted(who, last, describe(members)));
        }
    }

    private void expectEqual(List<Host> members, String who) {
        long maxMs = leaderMs();
        if (!await(() -> areEqual(members), maxMs)) {
            throw new Violation(
                    "members converge",
                    "%s: not after %d ms: %s".formatted(who, maxMs, describe(members)));
        }
    }

    // Every read that was taken in was answered or dropped, and what its answer held was given
    // back.
    private void expectNothingHeld(List<Host> members, String who) {
        long maxMs = clientMs();
        if (!await(() -> members.stream().noneMatch(Recovery::holdsReads), maxMs)) {
            throw new Violation(
                    "what was taken is given back",
                    "%s: answers still hold bytes after %d ms".formatted(who, maxMs));
        }
    }

    private static boolean holdsReads(Host host) {
        return host.process().map(NodeProcess::holdsReads).orElse(false);
    }

    private long clientMs() {
        return leaderMs() + knobs.nodes() * CLIENT_NANOS_PER_NODE / MILLI;
    }

    private long leaderMs() {
        return (RECONNECT_NANOS + TIMEOUTS_TO_LEADER * knobs.electionTimeoutNanos()) / MILLI;
    }

    // A member that does not hear the leader campaigns, with a log that is as good as any. Nobody
    // follows it while the leader is alive (thesis §4.2.3, §9.6). The leader can't hand over to it,
    // and
    // gives that up (thesis §3.10).
    // It may still lose its office once, since a slow turn of its own is longer than the shortest
    // timeout.
    private void expectToStay(List<Host> members) {
        for (int i = 0; i < STAYS; i++) {
            if (stays(members)) {
                return;
            }
        }
        throw new Violation(
                "a leader that is well stays",
                "not in %d times: %s".formatted(STAYS, describe(members)));
    }

    private boolean stays(List<Host> members) {
        Network network = world.network();
        await(() -> leaderOf(members) != 0, leaderMs());
        Host leader = world.host(leaderOf(members));
        Host other = members.get((members.indexOf(leader) + 1) % members.size());
        network.cut(leader.number(), other.number());
        network.cut(other.number(), leader.number());
        leader.process().orElseThrow().handOverLeadership(other.id());
        long before = highest(RaftCore::term);
        world.runFor(CALM_TIMEOUTS * knobs.electionTimeoutNanos() / MILLI);
        boolean isSame = highest(RaftCore::term) == before;
        network.heal(leader.number(), other.number());
        expectService(members, "a cluster that was disturbed");
        expectEqual(members, "a cluster that was disturbed");
        return isSame;
    }

    // To one that lacks nothing, in a calm cluster (thesis §3.10). A single slow message may spoil
    // it.
    private void expectHandOver(List<Host> members) {
        // Followers had no need of each other so far: some dial again only now.
        world.runFor(RECONNECT_NANOS / MILLI);
        for (int i = 0; i < HAND_OVERS; i++) {
            if (handsOver(members)) {
                return;
            }
        }
        throw new Violation(
                "leadership can be handed over",
                "not in %d times: %s".formatted(HAND_OVERS, describe(members)));
    }

    private boolean handsOver(List<Host> members) {
        await(() -> leaderOf(members) != 0, leaderMs());
        Host leader = world.host(leaderOf(members));
        Host heir = members.get((members.indexOf(leader) + 1) % members.size());
        await(() -> indexOf(heir, RaftCore::leaderId) == leader.id(), leaderMs());
        long before = highest(RaftCore::term);
        leader.process().orElseThrow().handOverLeadership(heir.id());
        long maxMs = HAND_OVER_TIMEOUTS * knobs.electionTimeoutNanos() / MILLI;
        // By that very campaign, not by some later election.
        return await(() -> leaderOf(members) == heir.id(), maxMs)
                && highest(RaftCore::term) == before + 1;
    }

    // Its connections break, which brings all others forward at the same moment: the vote does not
    // split, and nobody waits for a timeout (thesis §9.6, §3.4).
    private void expectSuccession(List<Host> members) {
        for (int i = 0; i < SUCCESSIONS; i++) {
            if (isSucceededAtOnce(members)) {
                return;
            }
        }
        throw new Violation(
                "a leader whose connections break is followed at once",
                "not in %d times: %s".formatted(SUCCESSIONS, describe(members)));
    }

    private boolean isSucceededAtOnce(List<Host> members) {
        await(() -> leaderOf(members) != 0, leaderMs());
        Host leader = world.host(leaderOf(members));
        await(() -> members.stream().allMatch(m -> follows(m, leader)), leaderMs());
        List<Host> others = new ArrayList<>(members);
        others.remove(leader);
        long before = highest(RaftCore::term);
        // Two can't miss each other; of more, two may be promised a majority without each other.
        long maxTerms = others.size() == 2 ? 1 : 2;
        well = others;
        leader.crash();
        boolean isAtOnce =
                await(() -> leaderOf(others) != 0, knobs.electionTimeoutNanos() / 2 / MILLI)
                        && highest(RaftCore::term) <= before + maxTerms;
        well = members;
        leader.start();
        expectEqual(members, "a cluster with its leader killed");
        return isAtOnce;
    }

    // Full disks, the leader's among them: the others are a quorum that could write, so clients
    // can.
    // Another election may come between, of whom it may.
    private void expectRoomForTheFit(List<Host> members) {
        for (int i = 0; i < ROOMS; i++) {
            await(() -> leaderOf(members) != 0, leaderMs());
            List<Host> full = fillDisks(members, world.host(leaderOf(members)));
            boolean isMade = makesRoom(members, full);
            expectService(members, "a cluster with full disks");
            elections = 0;
            world.runFor(CALM_TIMEOUTS * knobs.electionTimeoutNanos() / MILLI);
            full.forEach(host -> host.space(NodeInput.SpaceLevel.ENOUGH));
            if (isMade && elections <= MAX_FURTHER_ELECTIONS) {
                return;
            }
        }
        throw new Violation(
                "a leader that refuses writes makes room for a member that takes them",
                "not in %d times: %s".formatted(ROOMS, describe(members)));
    }

    private List<Host> fillDisks(List<Host> members, Host leader) {
        List<Host> full = new ArrayList<>(members);
        full.remove(leader);
        // As many as may fail.
        full.subList(members.size() - world.hosts().size() / 2 - 2, full.size()).clear();
        full.forEach(host -> host.space(NodeInput.SpaceLevel.LOW));
        world.runFor(knobs.electionTimeoutNanos() / MILLI);
        full.add(leader);
        leader.space(NodeInput.SpaceLevel.LOW);
        return full;
    }

    private boolean makesRoom(List<Host> members, List<Host> full) {
        Host leader = full.get(full.size() - 1);
        long maxMs = UNFIT_TIMEOUTS * knobs.electionTimeoutNanos() / MILLI;
        return await(() -> leaderOf(members) != 0 && leaderOf(members) != leader.id(), maxMs)
                && !full.contains(world.host(leaderOf(members)));
    }

    private static boolean follows(Host member, Host leader) {
        return indexOf(member, RaftCore::leaderId) == leader.id();
    }

    // What was in the logs at the beginning may be much for the run's windows and delays: the time
    // that it takes does not count.
    private boolean await(BooleanSupplier condition, long maxMs) {
        long backlog = highest(raft -> raft.lastId().index());
        long applied = 0;
        long end = world.nowNanos() + maxMs * MILLI;
        while (!condition.getAsBoolean()) {
            long now = appliedUpTo(backlog);
            if (now > applied) {
                applied = now;
                end = world.nowNanos() + maxMs * MILLI;
            }
            if (world.nowNanos() > end) {
                return false;
            }
            world.runFor(CHECK_MS);
        }
        return true;
    }

    // How much all together have applied of the entries up to this one.
    private long appliedUpTo(long index) {
        return well.stream()
                .mapToLong(host -> Math.min(index, indexOf(host, RaftCore::appliedIndex)))
                .sum();
    }

    private long highest(ToLongFunction<RaftCore> index) {
        return well.stream().mapToLong(host -> indexOf(host, index)).max().orElse(0);
    }

    private static long indexOf(Host host, ToLongFunction<RaftCore> index) {
        return Leaders.raftOf(host).map(index::applyAsLong).orElse(0L);
    }

    private static long leaderOf(List<Host> members) {
        for (Host host : members) {
            if (Leaders.raftOf(host).map(RaftCore::servesReads).orElse(false)) {
                return host.id();
            }
        }
        return 0;
    }

    private static boolean areEqual(List<Host> members) {
        EntryId applied = EntryId.NONE;
        for (Host host : members) {
            if (host.process().isEmpty()) {
                return false;
            }
            NodeProcess process = host.process().get();
            EntryId mine = process.machine().applied();
            if (!applied.equals(EntryId.NONE) && !applied.equals(mine)) {
                return false;
            }
            boolean hasAll =
                    process.raft().map(raft -> raft.lastId().equals(mine)).orElse(false);
            if (!hasAll) {
                return false;
            }
            applied = mine;
        }
        return true;
    }

    private static String describe(List<Host> members) {
        StringBuilder text = new StringBuilder();
        for (Host host : members) {
            text.append(host).append(' ').append(host.life()).append(' ');
            text.append(Leaders.raftOf(host).map(RaftCore::toString).orElse("unborn"));
            text.append("; ");
        }
        return text.toString();
    }
}
