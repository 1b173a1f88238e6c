package io.kvd.core.raft;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Does one random thing after another to a cluster. How often each kind of fault happens is drawn
 * per schedule: a schedule with all of them all the time would never get anywhere.
 */
final class RandomSchedule {
    private static final int MAX_IN_FLIGHT = 200;

    private final RaftCluster cluster;
    private final SplittableRandom random;
    /** Faults in 1,000 steps. */
    private final int lossRate;

    private final int cutRate;
    private final int crashRate;
    private final int transferRate;
    /**
     * One in so many messages overtakes others; one in so many deliveries is not carried out at
     * once.
     */
    private final int reorderOneIn;

    private final int lingerOneIn;
    private final int tickRate;
    private final int rushRate;
    private int proposals;

    RandomSchedule(RaftCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
        boolean isFast = random.nextBoolean();
        this.lossRate = random.nextInt(3) * random.nextInt(40);
        this.cutRate = random.nextInt(3) * random.nextInt(isFast ? 50 : 10);
        this.crashRate = random.nextInt(3) * random.nextInt(isFast ? 30 : 8);
        this.transferRate = random.nextInt(2) * random.nextInt(6);
        this.reorderOneIn = 1 + random.nextInt(8);
        this.lingerOneIn = 2 + random.nextInt(10);
        this.tickRate = 5 + random.nextInt(60);
        this.rushRate = isFast ? 150 : random.nextInt(20);
    }

    void step() {
        TestNode node = anyNode();
        if (happens(lossRate)) {
            loseOrRepeat();
        } else if (happens(cutRate)) {
            cutOrHeal();
        } else if (happens(crashRate) && node.isUp()) {
            crash(node);
        } else if (!node.isUp()) {
            startPerhaps(node);
        } else if (happens(rushRate)) {
            rush(1 + random.nextInt(20));
        } else if (random.nextInt(100) < 55) {
            deliver();
        } else {
            live(node, random.nextInt(70 + tickRate));
        }
        while (cluster.network().size() > MAX_IN_FLIGHT) {
            cluster.network().remove(random.nextInt(cluster.network().size()));
        }
        cluster.observer().check();
    }

    private boolean happens(int inAThousand) {
        return random.nextInt(1_000) < inAThousand;
    }

    private void live(TestNode node, int dice) {
        RaftCore core = node.core();
        if (dice >= 70) {
            core.tick();
        } else if (dice < 18) {
            core.propose(List.of(
                    RaftCluster.command("p" + ++proposals + "x".repeat(random.nextInt(150)))));
        } else if (dice < 28) {
            requestRead(node);
        } else if (dice < 30) {
            hint(core);
        } else if (dice < 35) {
            node.flush();
        } else if (dice < 38) {
            core.cutLog(Math.min(node.flushedIndex(), core.neededFrom().minMatchIndex()));
        } else if (dice < 50) {
            node.apply(1 + random.nextInt(3));
        } else if (dice < 60) {
            node.load();
        } else {
            node.carryOut();
        }
        node.check();
        carryOutPerhaps(node);
    }

    /** Time passes and the network works: elections happen. */
    private void rush(int ticks) {
        for (int i = 0; i < ticks; i++) {
            for (TestNode node : cluster.nodes()) {
                if (node.isUp()) {
                    node.core().tick();
                    node.check();
                    carryOutPerhaps(node);
                }
            }
            for (int messages = cluster.network().size(); messages > 0; messages--) {
                deliver();
            }
        }
    }

    private void hint(RaftCore core) {
        if (happens(transferRate * 100)) {
            core.transferLeadership(random.nextBoolean() ? NodeId.NONE : anyNode().id);
        } else if (happens(cutRate * 100)) {
            core.peerLost(anyNode().id);
        }
    }

    private void requestRead(TestNode node) {
        ReadId read =
                new ReadId(node.incarnation(), 1_000_000_000L * node.id + random.nextInt(1 << 29));
        cluster.observer().onRequested(read);
        node.core().requestRead(read);
    }

    private void deliver() {
        if (cluster.network().isEmpty()) {
            return;
        }
        // Mostly in order, as connections do.
        int bound = random.nextInt(reorderOneIn) == 0 ? cluster.network().size() : 1;
        Message message = cluster.network().remove(random.nextInt(bound));
        TestNode node = cluster.node(message.to());
        if (node.isUp()) {
            node.core().step(message);
            node.check();
            carryOutPerhaps(node);
        }
    }

    private void carryOutPerhaps(TestNode node) {
        if (random.nextInt(lingerOneIn) != 0) {
            node.carryOut();
        }
    }

    private void loseOrRepeat() {
        if (cluster.network().isEmpty()) {
            return;
        }
        int which = random.nextInt(cluster.network().size());
        if (random.nextInt(3) == 0) {
            cluster.network().add(cluster.network().get(which));
        } else {
            cluster.network().remove(which);
        }
    }

    private void cutOrHeal() {
        int dice = random.nextInt(10);
        if (dice < 4) {
            cluster.heal();
        } else if (dice < 7) {
            cluster.isolate(leaderOrAny().id);
        } else if (dice < 8) {
            cluster.isolate(anyNode().id);
        } else {
            cluster.cut(anyNode().id, anyNode().id);
        }
    }

    private void crash(TestNode node) {
        switch (random.nextInt(3)) {
            case 0 -> node.crash();
            case 1 -> node.carryOut(TestNode.CrashPoint.BEFORE_PERSIST);
            default -> node.carryOut(TestNode.CrashPoint.AFTER_PERSIST);
        }
    }

    private void startPerhaps(TestNode node) {
        if (random.nextInt(40) < 1 + rushRate / 20) {
            node.start(random.nextInt(3) * 400L);
        }
    }

    /** Who believes to lead is the most interesting node to cut off. */
    private TestNode leaderOrAny() {
        for (TestNode node : cluster.nodes()) {
            if (node.isUp() && node.core().role() == RoleName.LEADER && random.nextBoolean()) {
                return node;
            }
        }
        return anyNode();
    }

    private TestNode anyNode() {
        return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    }
}
