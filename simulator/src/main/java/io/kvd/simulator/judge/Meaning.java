package io.kvd.simulator.judge;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Result;
import io.kvd.simulator.world.NodeProcess;
import io.kvd.simulator.world.Observer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What the committed entries came to, once for all judges that ask; judges nothing itself. */
final class Meaning implements Observer {
    private final KvModel model = new KvModel();
    /** By index: what holds after it; 0 is before the first. */
    private final List<After> after = new ArrayList<>();
    /** By session and sequence: what its one execution answered. */
    private final TreeMap<WriteId, Result> executed = new TreeMap<>();
    /** By a command's bytes: what each of its executions answered. */
    private final TreeMap<Bytes, List<Result>> byCommand = new TreeMap<>();

    private final Reader reader;
    private long lastIndex;

    /** Who wants to know what each committed entry came to, in order. */
    interface Reader {
        void meant(Entry entry, KvModel.Applied applied);
    }

    /** One write of one session. */
    record WriteId(long sessionId, long sequence) implements Comparable<WriteId> {
        @Override
        public int compareTo(WriteId other) {
            int bySession = Long.compare(sessionId, other.sessionId);
            return bySession != 0 ? bySession : Long.compare(sequence, other.sequence);
        }
    }

    record After(long revision, int sessions, int keptReplies) {}

    Meaning(Reader reader) {
        this.reader = reader;
        after.add(new After(model.revision(), 0, 0));
    }

    KvModel model() {
        return model;
    }

    long lastIndex() {
        return lastIndex;
    }

    After after(long index) {
        return after.get(Math.toIntExact(index));
    }

    /** What the session's write answered when it was executed; empty if it never was. */
    Optional<Result> executionOf(WriteId write) {
        return Optional.ofNullable(executed.get(write));
    }

    /** What each execution of the command answered. */
    List<Result> executionsOf(Bytes command) {
        return byCommand.getOrDefault(command, List.of());
    }

    /** What the execution of a command that is sent once answered; empty if it was never executed. */
    Optional<Result> executionOf(Bytes command) {
        return executionsOf(command).stream().findFirst();
    }

    @Override
    public void handedOut(NodeProcess process, ApplyInput.ApplyBatch batch) {
        for (Run run : batch.runs()) {
            for (long index = Math.max(run.firstIndex(), lastIndex + 1);
                    index <= run.lastIndex();
                    index++) {
                apply(run.entry(index));
            }
        }
    }

    private void apply(Entry entry) {
        lastIndex = entry.index();
        KvModel.Applied applied = model.apply(entry);
        after.add(new After(model.revision(), model.sessionCount(), model.keptReplies()));
        reader.meant(entry, applied);
        if (applied.how() == KvModel.How.EXECUTED) {
            executed.put(
                    new WriteId(entry.origin().sessionId(), entry.origin().sequence()),
                    applied.result());
            byCommand
                    .computeIfAbsent(entry.payload().compact(), command -> new ArrayList<>(1))
                    .add(applied.result());
        }
    }
}
