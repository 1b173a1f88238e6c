package io.kvd.core.kv;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.Check;
import io.kvd.core.base.DamagedException;
import io.kvd.core.base.Hash128;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Command;
import io.kvd.protocol.ExpiringSession;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One group's replicated state machine: executes committed entries in order and exactly once, so that every replica
 * comes to the same logical rows and the same answers from the same log. What an entry does depends on its bytes, the
 * state and the feature level, on nothing else (P7).
 *
 * <p>Owned by the apply thread. A batch of entries is evaluated in memory, over rows read at once, and then written as
 * one {@link StateBatch} with all that belongs to it (P3). What throws here is final: memory may be ahead of the
 * store, and the node halts.
 */
public final class KvStateMachine {
    private final long groupId;
    private final StateStore store;
    private final Bounds bounds;
    private final StateHash hash;
    private final HashHistory history;
    private final CurrentRows rows;
    private final Sessions sessions;
    private final ExactlyOnce exactlyOnce;
    private final CommandEvaluation evaluation;

    /** The last executed entry; grows by one index an entry. */
    private EntryId applied;

    /** The keyspace's; grows by one with each command that changes it. */
    private long revision;

    /** What is below can't be read; 0 until there is compaction. */
    private long compactedRevision;

    /** What entries mean; only FEATURE entries raise it. */
    private int featureLevel;

    /** The largest log time of an executed entry. */
    private long lastLogTimeMs;

    /** Payload of the newest executed CONFIG entry; empty before the first. */
    private Bytes configuration;

    /** @param rowCacheBytes see {@link #open(long, StateStore, long)} */
    private record Bounds(SessionRules sessions, long rowCacheBytes) {}

    private KvStateMachine(StateStore store, MetaRow meta, Bounds bounds) {
        this.groupId = meta.groupId();
        this.store = store;
        this.bounds = bounds;
        this.hash = new StateHash(meta.rowSum(), meta.chain());
        this.history = new HashHistory(meta.applied().index(), hash.value());
        this.rows = new CurrentRows(store, hash, new RowHeads(bounds.rowCacheBytes()));
        this.sessions = new Sessions(bounds.sessions(), store, hash);
        this.exactlyOnce = new ExactlyOnce(sessions);
        this.evaluation = new CommandEvaluation(rows, sessions);
        this.applied = meta.applied();
        this.revision = meta.revision();
        this.compactedRevision = meta.compactedRevision();
        this.featureLevel = meta.featureLevel();
        this.lastLogTimeMs = meta.lastLogTimeMs();
        this.configuration = meta.configuration();
    }

    /**
     * The state machine over the group's state, which says itself what was applied. An empty store is given the birth
     * state; it is empty again if the process dies before the first flush.
     *
     * @param rowCacheBytes heap for what a write has to know of the row that it replaces, of those written last
     * @throws UpgradeNeededException if the state is of a feature level that this program does not know
     * @throws DamagedException if the store holds rows but does not describe itself, or is another group's
     */
    public static KvStateMachine open(long groupId, StateStore store, long rowCacheBytes) {
        return open(groupId, store, new Bounds(SessionRules.LEVEL_1, rowCacheBytes));
    }

    /** With other bounds of sessions than the feature level's, which are too large for a test to reach. */
    public static KvStateMachine open(
            long groupId, StateStore store, long rowCacheBytes, SessionRules rules) {
        return open(groupId, store, new Bounds(rules, rowCacheBytes));
    }

    private static KvStateMachine open(long groupId, StateStore store, Bounds bounds) {
        MetaRow meta = store.get(StateKeys.META)
                .map(StateKeys::decodeMeta)
                .orElseGet(() -> bootstrap(groupId, store));
        requireUsable(groupId, meta);
        KvStateMachine machine = new KvStateMachine(store, meta, bounds);
        machine.sessions.load();
        return machine;
    }

    /** The state machine over another state of the same group, with the same bounds; throws as {@link #open} does. */
    public KvStateMachine openOver(StateStore other) {
        return open(groupId, other, bounds);
    }

    /** What the state seen in the view has applied; {@link EntryId#NONE} if it is empty. Any thread. */
    public static EntryId appliedIn(StateView view) {
        return view.get(StateKeys.META)
                .map(StateKeys::decodeMeta)
                .map(MetaRow::applied)
                .orElse(EntryId.NONE);
    }

    /**
     * What the group's state seen in the view is, as a snapshot in these files. Any thread.
     *
     * @throws UpgradeNeededException if it is of a feature level that this program does not know
     * @throws DamagedException if it does not describe itself, or is another group's
     */
    public static SnapshotManifest manifestOf(
            long groupId, StateView view, List<SnapshotFile> files) {
        MetaRow meta = view.get(StateKeys.META)
                .map(StateKeys::decodeMeta)
                .orElseThrow(() -> new DamagedException("the snapshot does not describe itself"));
        requireUsable(groupId, meta);
        Hash128 hash = new StateHash(meta.rowSum(), meta.chain()).value();
        return new SnapshotManifest(
                meta.applied(), meta.lastLogTimeMs(), hash.toBytes(), meta.configuration(), files);
    }

    private static void requireUsable(long groupId, MetaRow meta) {
        if (meta.groupId() != groupId) {
            throw new DamagedException(
                    "the state is of group %d, not of %d".formatted(meta.groupId(), groupId));
        }
        requireKnown(meta.featureLevel(), "the state");
    }

    private static MetaRow bootstrap(long groupId, StateStore store) {
        try (StateView view = store.view();
                StateView.Cursor all = view.scan(Bytes.EMPTY, Bytes.EMPTY)) {
            if (all.next()) {
                throw new DamagedException(
                        "the state has rows, but not the one that says what was applied");
            }
        }
        MetaRow birth = MetaRow.atBirth(groupId);
        store.write(new StateBatch().put(StateKeys.META, StateKeys.encodeMeta(birth)));
        return birth;
    }

    /**
     * Executes the entries that follow {@link #applied}, and writes all they come to as one batch; visible on return
     * to views taken after it, durable after a later flush.
     *
     * @param runs follow each other; their entries' checksums were checked when they were decoded
     * @param parsed commands of some of the entries, ascending by index; the others are parsed here
     * @throws UpgradeNeededException at an entry that needs a newer program; nothing of the batch was written
     * @throws io.kvd.core.base.StorageException reading or writing rows failed; the node must halt
     */
    public AppliedBatch apply(List<Run> runs, List<ParsedCommand> parsed) {
        List<Step> steps = steps(runs, parsed);
        Check.that(!steps.isEmpty(), "applying nothing after %s", applied);
        List<Bytes> rowKeys = new ArrayList<>(steps.size());
        for (Step step : steps) {
            rowKeys.addAll(Commands.rowKeys(step.command));
        }
        rows.load(rowKeys);
        List<Answer> answers = new ArrayList<>(steps.size());
        for (Step step : steps) {
            answers.add(execute(step.entry, step.command));
        }
        write();
        return new AppliedBatch(
                applied, revision, stateHash(), featureLevel, sessions.count(), answers);
    }

    /** The last executed entry. */
    public EntryId applied() {
        return applied;
    }

    /** The keyspace's revision, 1 at birth. */
    public long revision() {
        return revision;
    }

    public int featureLevel() {
        return featureLevel;
    }

    /** 16 bytes; equal on every replica with the same {@link #applied}. */
    public Bytes stateHash() {
        return hash.value().toBytes();
    }

    /** Payload of the newest executed CONFIG entry; empty before the first. */
    public Bytes configurationBytes() {
        return configuration;
    }

    /** The largest log time of an executed entry, in milliseconds. */
    public long lastLogTimeMs() {
        return lastLogTimeMs;
    }

    /** How many sessions are open. */
    public int sessionCount() {
        return sessions.count();
    }

    /** Answers that are kept for retries, of all sessions. */
    public int keptReplies() {
        return sessions.keptReplies();
    }

    /**
     * Sessions that were silent for their ttl at that log time, ascending by id, at most {@code max}; for the leader
     * to propose their expiry. They stay open until that is executed, and are named again if asked again.
     */
    public List<ExpiringSession> expirable(long logTimeMs, int max) {
        List<ExpiringSession> expirable = new ArrayList<>();
        for (Session session : sessions.due(logTimeMs, max)) {
            expirable.add(ExpiringSession.newBuilder()
                    .setSessionId(session.id())
                    .setLastActiveLogTimeMs(session.lastActiveLogTimeMs())
                    .build());
        }
        return expirable;
    }

    /**
     * The state hash after the entry at {@code index}: known for the last 4,096 executed by this process, and for the
     * last 4,096 of them that 1,024 divides.
     */
    public Optional<Bytes> hashAt(long index) {
        return history.at(index).map(Hash128::toBytes);
    }

    /** An entry and, if it is a command, what it says; else the empty command. */
    private record Step(Entry entry, Command command) {}

    private List<Step> steps(List<Run> runs, List<ParsedCommand> parsed) {
        List<Step> steps = new ArrayList<>();
        int next = 0;
        for (Run run : runs) {
            for (long index = run.firstIndex(); index <= run.lastIndex(); index++) {
                Entry entry = run.entry(index);
                // Never a gap, never an entry twice.
                long expected = applied.index() + 1 + steps.size();
                Check.that(
                        index == expected, "entry %s where %d should follow", entry.id(), expected);
                while (next < parsed.size() && parsed.get(next).id().index() < index) {
                    next++;
                }
                boolean known = next < parsed.size() && parsed.get(next).id().equals(entry.id());
                steps.add(new Step(entry, known ? parsed.get(next).command() : commandOf(entry)));
            }
        }
        return steps;
    }

    private static Command commandOf(Entry entry) {
        return entry.kind() == EntryKind.COMMAND
                ? Commands.ofEntry(entry.payload())
                : Command.getDefaultInstance();
    }

    private Answer execute(Entry entry, Command command) {
        Check.that(entry.term() >= applied.term(), "entry %s after %s", entry.id(), applied);
        lastLogTimeMs = Math.max(lastLogTimeMs, entry.stamp().logTimeMs());
        Answer answer = switch (entry.kind()) {
            case NOOP -> Answer.NONE;
            case CONFIG -> configure(entry.payload());
            case FEATURE -> raiseFeatureLevel(entry);
            case COMMAND -> answer(entry, command);
        };
        applied = entry.id();
        history.put(applied.index(), hash.value());
        return answer;
    }

    private Answer configure(Bytes next) {
        hash.replace(StateHash.ofConfiguration(configuration), StateHash.ofConfiguration(next));
        configuration = next.compact();
        return Answer.NONE;
    }

    private Answer raiseFeatureLevel(Entry entry) {
        Bytes payload = entry.payload();
        // Another length is another meaning: of a level that this program can't know.
        int level = payload.length() == Integer.BYTES ? payload.intAt(0) : Integer.MAX_VALUE;
        requireKnown(level, "entry " + entry.id());
        if (level > featureLevel) {
            hash.replace(StateHash.ofFeatureLevel(featureLevel), StateHash.ofFeatureLevel(level));
            featureLevel = level;
        }
        return Answer.NONE;
    }

    private static void requireKnown(int level, String what) {
        if (level < 0 || level > FeatureLevel.HIGHEST) {
            throw new UpgradeNeededException(
                    "%s needs feature level %s, this program knows levels up to %d"
                            .formatted(
                                    what, Integer.toUnsignedString(level), FeatureLevel.HIGHEST));
        }
    }

    private Answer answer(Entry entry, Command command) {
        if (entry.origin().sessionId() == 0) {
            return perform(entry, command);
        }
        Optional<Answer> settled =
                exactlyOnce.answerWithoutExecuting(entry, lastLogTimeMs, revision);
        if (settled.isPresent()) {
            return settled.get();
        }
        Answer answer = perform(entry, command);
        exactlyOnce.executed(entry, answer);
        return answer;
    }

    private Answer perform(Entry entry, Command command) {
        Decision decision = evaluation.evaluate(entry, command, revision);
        revision = decision.result().getRevision();
        for (Effect effect : decision.effects()) {
            perform(effect);
        }
        return Answer.of(decision.result());
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Put put) {
            rows.put(revision, put);
        } else if (effect instanceof Effect.Delete delete) {
            rows.delete(revision, delete);
        } else if (effect instanceof Effect.OpenSession open) {
            sessions.open(open, lastLogTimeMs);
        } else if (effect instanceof Effect.TouchSession touch) {
            sessions.touch(sessions.require(touch.sessionId()), lastLogTimeMs);
        } else if (effect instanceof Effect.RemoveSession remove) {
            sessions.remove(sessions.require(remove.sessionId()));
        } else {
            throw new AssertionError("unhandled " + effect);
        }
    }

    private void write() {
        StateBatch batch = new StateBatch();
        rows.writeTo(batch);
        sessions.writeTo(batch);
        MetaRow meta = new MetaRow(
                groupId,
                applied,
                revision,
                compactedRevision,
                featureLevel,
                lastLogTimeMs,
                hash.rowSum(),
                hash.chain(),
                configuration);
        store.write(batch.put(StateKeys.META, StateKeys.encodeMeta(meta)));
    }
}
