package io.kvd.simulator.judge;

import io.kvd.simulator.history.History;
import io.kvd.simulator.history.Invocation;
import io.kvd.simulator.world.Observer;
import io.kvd.simulator.world.World;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The judges of one run. */
public final class Judges {
    private final List<Judge> judges = new ArrayList<>();
    private final List<Observer> observers = new ArrayList<>();
    private final Coverage coverage = new Coverage();
    /** What is done last. */
    private final List<Runnable> endings = new ArrayList<>();

    private final Traffic traffic = new Traffic();

    private History history = new History();
    private long undecided;

    /** How much is judged. */
    public enum Strictness {
        /** The rules of Raft: a few comparisons of numbers an event. */
        CHEAP,
        /** Besides: what the log means, every state at every index, every answer, the whole history. */
        ALL
    }

    private Judges() {}

    /** Has new judges follow the world, which is at its beginning. */
    public static Judges of(World world, Strictness strictness) {
        Judges made = new Judges();
        made.addRules(world);
        if (strictness == Strictness.ALL) {
            made.addMeaning(world);
        }
        made.observers.forEach(world::addObserver);
        return made;
    }

    private void addRules(World world) {
        Ledger ledger = new Ledger(world.hosts().size());
        Told told = new Told(world);
        observers.add(ledger);
        observers.add(new RaftCoverage(world, ledger, coverage));
        observers.add(new NodeCoverage(world, ledger, coverage));
        observers.add(new SnapshotCoverage(coverage));
        observers.add(told);
        observers.add(traffic);
        add(new ElectionSafety());
        add(new LeaderAppendOnly());
        add(new LogMatching(ledger));
        add(new LeaderCompleteness(ledger));
        add(new StateMachineSafety(ledger));
        add(new NothingGoesBack());
        add(new OneVoteATerm());
        add(new CommittedIsOnAQuorum(ledger));
        add(new PromisesAreOnDisk(ledger));
        add(new LostMembersHaveNoSay(ledger));
        add(new OnlyLiesAreRefused());
        add(new AppliedIsCommitted(ledger));
        add(new OwnTermIsCounted(ledger));
        add(new SnapshotsAreCommitted(ledger));
        add(new CutKeepsWhatMembersNeed(ledger, world.options().node().logRetainBytes()));
        add(new LogTimeNeverGoesBack());
        add(new IndexesInOrder());
        add(new ApplyIsBounded(world.options().node().raft()));
        add(new ReadsAreFresh(told));
        add(new ReadsAreProven());
        add(new BoundedReadsAreYoung(world, told));
        add(new AgesAreTrue(told));
        add(new RequestsAreAnswered());
        add(new BudgetsAddUp());
        add(new PausesAgeNobody(world.options().node().raft()));
        add(new RevisionsAreReached(told));
        add(new ReadIdsAreUsedOnce());
        add(new HandOverInOrder());
    }

    private void addMeaning(World world) {
        ClientCoverage clients = new ClientCoverage(world, coverage);
        Meaning meaning = new Meaning(clients);
        observers.add(meaning);
        observers.add(clients);
        endings.add(() -> clients.settle(meaning));
        add(new LogInMemoryIsWhole());
        add(new MatchNeverGoesBack());
        add(new EqualStates());
        add(new StatesMeanTheLog(meaning));
        add(new AnswersAreTheResults(meaning));
        add(new NoAnswerIsDroppedEarly());
        add(new DoubtHasACause(world));
        add(new ReadsShowOneState(meaning));
        add(new NothingIsLost(meaning));
        HistoryIsLinearizable linearizable = new HistoryIsLinearizable(world, meaning);
        add(linearizable);
        endings.add(() -> undecided = linearizable.isUndecided() ? 1 : 0);
        history = linearizable.history();
    }

    private void add(Judge judge) {
        judges.add(judge);
        observers.add(judge);
    }

    /** All of them, in the order in which they look. */
    public List<Judge> all() {
        return Collections.unmodifiableList(judges);
    }

    /** Has them judge what can be judged only now. */
    public void atTheEnd(World world) {
        judges.forEach(judge -> judge.atTheEnd(world));
        endings.forEach(Runnable::run);
    }

    /** What clients did and saw; nothing if only rules are judged. */
    public List<Invocation> history() {
        return history.invocations();
    }

    /** What clients did and were told. */
    public Traffic traffic() {
        return traffic;
    }

    /** How many histories it took too long to decide. */
    public long undecided() {
        return undecided;
    }

    /** What of all that must happen sometimes did. */
    public Coverage coverage() {
        return coverage;
    }
}
