package io.kvd.core.raft;

import io.kvd.core.base.Check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A RaftCore with a disk in memory and a state machine that is a list. What its last Ready did not
 * persist is lost in a crash; so is what was applied and not flushed.
 */
final class TestNode {
    /** Where in carrying out a Ready the process dies. */
    enum CrashPoint {
        NEVER,
        BEFORE_PERSIST,
        AFTER_PERSIST
    }

    static final long GROUP = 1;

    final long id;
    private final RaftCluster cluster;
    private final RaftOptions options;
    private final Configuration configuration;

    // The disk.
    private HardState hardState = HardState.INITIAL;
    private EntryId logStart = EntryId.NONE;
    private final TreeMap<Long, Run> log = new TreeMap<>();
    private long flushedIndex;

    // The process.
    private Optional<RaftCore> core = Optional.empty();
    private Optional<Invariants.Moment> moment = Optional.empty();
    private long incarnation;
    private final List<Run> toApply = new ArrayList<>();
    private final List<LoadRequest> toLoad = new ArrayList<>();
    final List<ConfirmedRead> confirmedReads = new ArrayList<>();
    final List<ReadId> refusedReads = new ArrayList<>();

    TestNode(RaftCluster cluster, long id, RaftOptions options, Configuration configuration) {
        this.cluster = cluster;
        this.id = id;
        this.options = options;
        this.configuration = configuration;
    }

    boolean isUp() {
        return core.isPresent();
    }

    RaftCore core() {
        return core.orElseThrow(() -> new AssertionError("node " + id + " is down"));
    }

    boolean isVoter() {
        return configuration.isVoter(id);
    }

    long incarnation() {
        return incarnation;
    }

    /** What a restart would find. */
    HardState hardState() {
        return hardState;
    }

    void crash() {
        core = Optional.empty();
        moment = Optional.empty();
        toApply.clear();
        toLoad.clear();
    }

    void start(long maxTailBytes) {
        Check.that(core.isEmpty(), "node %d is up", id);
        incarnation++;
        long flushed = Math.max(flushedIndex, logStart.index());
        RestoredReplica restored = new RestoredReplica(
                hardState,
                logStart,
                persistedLast(),
                lastLogTimeMs(),
                termStarts(),
                tail(maxTailBytes),
                persistedId(flushed),
                configuration);
        RaftCore started = new RaftCore(
                options,
                new Identity(GROUP, id, incarnation),
                restored,
                new SplittableRandom(cluster.seed() * 1_000 + id * 31 + incarnation));
        core = Optional.of(started);
        moment = Optional.of(Invariants.momentOf(started));
    }

    /** Puts the disk into a state that no run led to; the node is down. */
    void restore(HardState newHardState, List<Run> runs, long applied) {
        Check.that(core.isEmpty(), "node %d is up", id);
        hardState = newHardState;
        log.clear();
        runs.forEach(this::putRun);
        flushedIndex = applied;
    }

    /** Carries out everything that is ready. */
    void carryOut() {
        carryOut(CrashPoint.NEVER);
    }

    void carryOut(CrashPoint crashPoint) {
        while (isUp() && core().hasReady()) {
            carryOutOnce(crashPoint);
        }
    }

    /** Carries out one Ready. */
    Ready carryOutOnce(CrashPoint crashPoint) {
        Ready ready = core().ready();
        cluster.ready(this, ready);
        ready.messagesNow().forEach(cluster::send);
        if (crashPoint == CrashPoint.BEFORE_PERSIST) {
            crash();
            return ready;
        }
        persist(ready);
        if (crashPoint == CrashPoint.AFTER_PERSIST) {
            crash();
            return ready;
        }
        ready.messagesAfterPersist().forEach(cluster::send);
        toApply.addAll(ready.committed());
        toLoad.addAll(ready.entriesToLoad());
        confirmedReads.addAll(ready.confirmedReads());
        refusedReads.addAll(ready.refusedReads());
        ready.confirmedReads().forEach(read -> cluster.observer().onConfirmed(this, read));
        core().advance();
        check();
        return ready;
    }

    void check() {
        core.ifPresent(c -> {
            Invariants.checkAll(c, moment.orElseThrow());
            moment = Optional.of(Invariants.momentOf(c));
        });
    }

    private void persist(Ready ready) {
        hardState = ready.hardState();
        if (ready.truncateFrom() > 0) {
            log.tailMap(ready.truncateFrom(), true).clear();
        }
        ready.entriesToPersist().forEach(this::putRun);
        if (!ready.logStart().equals(EntryId.NONE)) {
            logStart = ready.logStart();
            log.headMap(logStart.index(), true).clear();
        }
    }

    private void putRun(Run run) {
        for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
            Check.that(
                    log.isEmpty() || log.lastKey() == index - 1,
                    "node %d persists a gap before %d",
                    id,
                    index);
            log.put(index, run.slice(index, index + 1));
        }
    }

    /** Applies up to {@code maxRuns} of what was handed out, and reports it. */
    void apply(int maxRuns) {
        for (int i = 0; i < maxRuns && !toApply.isEmpty(); i++) {
            Run run = toApply.remove(0);
            cluster.observer().onApplied(this, run);
            core().applied(run.lastIndex());
        }
    }

    /** Makes what is applied survive a crash. */
    void flush() {
        flushedIndex = Math.max(flushedIndex, core().appliedIndex());
    }

    long flushedIndex() {
        return flushedIndex;
    }

    /** Answers the outstanding loads from the disk as it is now. */
    void load() {
        List<LoadRequest> requests = List.copyOf(toLoad);
        toLoad.clear();
        for (LoadRequest request : requests) {
            core().entriesLoaded(new LoadedEntries(request, read(request)));
        }
    }

    boolean hasLoads() {
        return !toLoad.isEmpty();
    }

    private List<Run> read(LoadRequest request) {
        List<Run> found = new ArrayList<>();
        int bytes = 0;
        for (Run run : log.subMap(request.fromIndex(), request.toIndex()).values()) {
            bytes += run.sizeBytes();
            if (!found.isEmpty() && bytes > request.maxBytes()) {
                break;
            }
            found.add(run);
        }
        boolean isThere = !found.isEmpty() && found.get(0).firstIndex() == request.fromIndex();
        return isThere ? List.of(Run.join(found)) : List.of();
    }

    /** Whether the entry is on this node's disk, or was cut from it. */
    boolean hasPersisted(EntryId entry) {
        Run run = log.get(entry.index());
        return entry.index() <= logStart.index()
                || (run != null && run.firstId().equals(entry));
    }

    EntryId persistedLast() {
        return log.isEmpty() ? logStart : log.lastEntry().getValue().lastId();
    }

    List<Entry> persistedEntries() {
        List<Entry> entries = new ArrayList<>();
        log.values().forEach(run -> entries.add(run.entry(run.firstIndex())));
        return entries;
    }

    private EntryId persistedId(long index) {
        Run run = log.get(index);
        return run == null ? logStart : run.firstId();
    }

    private long lastLogTimeMs() {
        return log.isEmpty() ? 0 : log.lastEntry().getValue().lastLogTimeMs();
    }

    private List<EntryId> termStarts() {
        List<EntryId> starts = new ArrayList<>();
        for (Run run : log.values()) {
            if (starts.isEmpty()
                    || starts.get(starts.size() - 1).term() < run.firstId().term()) {
                starts.add(run.firstId());
            }
        }
        return starts;
    }

    private List<Run> tail(long maxBytes) {
        List<Run> tail = new ArrayList<>();
        long bytes = 0;
        for (Run run : log.descendingMap().values()) {
            bytes += run.sizeBytes();
            if (bytes > maxBytes) {
                break;
            }
            tail.add(0, run);
        }
        return tail;
    }

    @Override
    public String toString() {
        return core.map(RaftCore::toString)
                .orElse("node " + id + " down, persisted " + hardState + " " + persistedLast());
    }
}
