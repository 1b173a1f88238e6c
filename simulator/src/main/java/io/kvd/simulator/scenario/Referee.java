package io.kvd.simulator.scenario;

import io.kvd.simulator.scenario.Scenario.Kind;
import io.kvd.simulator.scenario.Scenario.Trouble;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/**
 * The public judge of the scenarios' protocol, rule by rule: the network between replicas, their 8 clients, and the
 * trouble that is planned. Has neither socket nor clock: simulated and real runs drive the same one. Times are
 * nanoseconds since the replicas were launched. Owned by one thread.
 */
public final class Referee {
    private static final int CLIENTS = 8;
    /** The first client's number, above the last replica's. */
    private static final int CLIENTS_ABOVE = 16;

    private static final long MILLI = 1_000_000;

    private final Scenario scenario;
    private final SplittableRandom random;
    private final Field field;
    private final ScenarioTally tally = new ScenarioTally();
    private final TreeSet<String> replicas = new TreeSet<>();
    /** Neither killed nor found dead. */
    private final TreeSet<String> living = new TreeSet<>();

    private final TreeSet<String> killed = new TreeSet<>();
    /** Those that said hello: before that a replica can't be sent anything. */
    private final TreeSet<String> greeted = new TreeSet<>();

    private final TreeMap<String, RefereeClient> clients = new TreeMap<>();
    /** Those that keep together during a partition; empty = all. */
    private final TreeSet<String> together = new TreeSet<>();

    private final List<Planned> plan = new ArrayList<>();
    private int done;
    /** As the last message of a replica said that was not cut off. */
    private String leader = Datagram.UNKNOWN;

    /** Where the replicas are. */
    public interface Field {
        void deliver(String id, String text);

        /** Ends the replica, and waits until it has ended. */
        void kill(String id);
    }

    /** @param body takes the moment when it happens after all */
    private record Planned(long atNanos, LongConsumer body) {}

    public Referee(Scenario scenario, SplittableRandom random, Field field) {
        this.scenario = scenario;
        this.random = random;
        this.field = field;
        for (int i = 0; i < scenario.replicas(); i++) {
            replicas.add(id(i));
        }
        living.addAll(replicas);
        for (int i = 0; i < CLIENTS; i++) {
            String id = id(scenario.replicas() + CLIENTS_ABOVE + i);
            clients.put(id, new RefereeClient(id, living, random.split(), tally));
        }
        planAll();
    }

    private static String id(int number) {
        return "%04X".formatted(number);
    }

    /** The replicas' ids. */
    public List<String> replicas() {
        return List.copyOf(replicas);
    }

    private void planAll() {
        long begin = scenario.startWaitMs() * MILLI;
        for (int i = 0; i < scenario.requests(); i++) {
            long at = begin + scenario.lifetimeMs() * MILLI * i / scenario.requests();
            if (random.nextDouble() < scenario.mix()) {
                tally.getPlanned();
                plan.add(new Planned(at, now -> anyClient().get(now).ifPresent(this::send)));
            } else {
                tally.putPlanned();
                plan.add(new Planned(at, now -> anyClient().put(now).ifPresent(this::send)));
            }
        }
        for (Trouble trouble : scenario.events()) {
            plan.add(new Planned(begin + trouble.atMs() * MILLI, now -> happen(trouble.kind())));
        }
        // Stable: requests of the same moment come first.
        plan.sort(Comparator.comparingLong(Planned::atNanos));
    }

    /** Lets happen what is planned before the moment. */
    public void advance(long nowNanos) {
        while (done < plan.size() && plan.get(done).atNanos() < nowNanos) {
            plan.get(done++).body().accept(nowNanos);
        }
    }

    /** Whether the run has come to its end: in time, by a storm, or since nobody is left. */
    public boolean isOver(long nowNanos) {
        long end = scenario.startWaitMs() + scenario.lifetimeMs() + scenario.endWaitMs();
        return nowNanos >= end * MILLI
                || tally.messages() >= scenario.maxPackets()
                || living.isEmpty();
    }

    /** Whether datagrams of the replica are still taken in. */
    public boolean isListenedTo(String id) {
        return !killed.contains(id);
    }

    /** Takes a datagram from a replica's socket, in the order of their arrival. */
    public void receive(String from, String text, long nowNanos) {
        Optional<Datagram> decoded = Datagram.decode(text);
        if (decoded.isEmpty()) {
            tally.incorrect(from + " sent what is no message: " + text);
            return;
        }
        Datagram datagram = decoded.get();
        if (datagram.type().equals(Datagram.HELLO)) {
            // For the judge alone: the others never see it.
            greeted.add(from);
            return;
        }
        if (together.isEmpty() || together.contains(datagram.src())) {
            leader = datagram.leader();
        }
        RefereeClient client = clients.get(datagram.dst());
        if (replicas.contains(datagram.dst())) {
            pass(datagram, datagram.dst());
        } else if (datagram.dst().equals(Datagram.EVERYONE)) {
            for (String id : replicas) {
                if (!id.equals(datagram.src())) {
                    pass(datagram, id);
                }
            }
        } else if (client != null) {
            client.receive(datagram, nowNanos).ifPresent(this::send);
        } else {
            tally.incorrect(from + " sent to nobody: " + text);
        }
    }

    private void pass(Datagram datagram, String to) {
        tally.message();
        boolean isCut =
                !together.isEmpty() && together.contains(datagram.src()) != together.contains(to);
        if (!isCut && random.nextDouble() >= scenario.drops()) {
            deliver(to, datagram);
        }
    }

    private void send(Datagram request) {
        deliver(request.dst(), request);
    }

    /** A replica that can't be sent to is dead from then on, killed or not yet there. */
    private void deliver(String to, Datagram datagram) {
        if (greeted.contains(to) && !killed.contains(to)) {
            field.deliver(to, datagram.encode());
        } else if (living.remove(to)) {
            tally.died(to + " was sent a " + datagram.type() + " before its hello");
        }
    }

    /** A replica ended, or can't be reached, without having been killed. */
    public void died(String id, String why) {
        if (living.remove(id)) {
            tally.died(id + ": " + why);
        }
        killed.add(id);
    }

    private RefereeClient anyClient() {
        return anyOf(List.copyOf(clients.values()));
    }

    private <T> T anyOf(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private void happen(Kind kind) {
        switch (kind) {
            case KILL_LEADER -> killLeader();
            case KILL_NON_LEADER -> killNonLeader();
            case PART_EASY -> part(List.of(leader));
            case PART_HARD -> part(List.of(Datagram.UNKNOWN));
            case PART_END -> together.clear();
        }
    }

    private void killLeader() {
        if (!leader.equals(Datagram.UNKNOWN)) {
            kill(leader);
            forgetLeader();
        }
    }

    private void killNonLeader() {
        List<String> others = new ArrayList<>(living);
        others.remove(leader);
        if (living.size() > 1) {
            kill(anyOf(others));
        }
    }

    private void kill(String id) {
        if (living.remove(id)) {
            killed.add(id);
            field.kill(id);
        }
    }

    private void forgetLeader() {
        leader = Datagram.UNKNOWN;
        clients.values().forEach(RefereeClient::forgetLeader);
    }

    /** Keeps a quorum together: the first, if it is known, and others at random, living or not. */
    private void part(List<String> first) {
        List<String> others = new ArrayList<>(replicas);
        together.clear();
        if (others.removeAll(first)) {
            together.addAll(first);
        } else {
            forgetLeader();
        }
        while (together.size() < replicas.size() / 2 + 1) {
            together.add(others.remove(random.nextInt(others.size())));
        }
    }

    /** What the run has cost, after its end. Called once. */
    public ScenarioResult judge(long seed, Links links) {
        clients.values().forEach(RefereeClient::end);
        if (clients.values().stream().allMatch(RefereeClient::knowsNothing)) {
            tally.keptNothing();
        }
        return tally.judge(scenario, seed, links);
    }
}
