package io.kvd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.node.ApplyInput;
import io.kvd.core.node.LogBatch;
import io.kvd.core.node.ReplyHeader;
import io.kvd.core.node.RequestOrigin;
import io.kvd.core.raft.Entry;
import io.kvd.core.raft.EntryId;
import io.kvd.core.raft.EntryKind;
import io.kvd.core.raft.HardState;
import io.kvd.core.raft.Run;
import io.kvd.protocol.Command;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.LongStream;

class WriteStagesTest {
    private static final long TERM = 3;

    private final WriteStages stages = new WriteStages();

    @Test
    void writesOfOneFsyncShareTheirTimes() {
        persist(100, 1, 2, 150);
        persist(200, 3, 3, 250);

        List<RequestTimes> times = stages.committed(batch(1, 3, 1, 2, 3), 300);

        assertThat(times.get(0)).isEqualTo(RequestTimes.persisted(100, 150).ready(300));
        assertThat(times.get(1)).isSameAs(times.get(0));
        assertThat(times.get(2)).isEqualTo(RequestTimes.persisted(200, 250).ready(300));
    }

    @Test
    void aBatchMayBeCommittedInParts() {
        persist(100, 1, 4, 150);

        assertThat(stages.committed(batch(1, 2, 1, 2), 300).get(1).readyNanos()).isEqualTo(300);
        assertThat(stages.committed(batch(3, 4, 4), 400))
                .containsExactly(RequestTimes.persisted(100, 150).ready(400));
    }

    @Test
    void entriesThatAnotherLeaderReplacedAreForgotten() {
        persist(100, 1, 3, 150);
        persist(200, 2, 5, 250);

        assertThat(stages.committed(batch(2, 5, 4), 300))
                .containsExactly(RequestTimes.persisted(200, 250).ready(300));
    }

    @Test
    void nothingIsKeptOfWhatWasHandedOver() {
        persist(100, 1, 3, 150);

        assertThat(stages.committed(batch(1, 3), 300)).isEmpty();
        assertThat(stages.committed(batch(3, 3, 3), 400)).containsExactly(RequestTimes.NONE);
    }

    private void persist(long turnNanos, long firstIndex, long lastIndex, long nowNanos) {
        stages.turnBegins(turnNanos);
        stages.persisted(
                new LogBatch(
                        List.of(),
                        List.of(new LogBatch.GroupWrite(
                                1,
                                new HardState(TERM, 0),
                                List.of(),
                                0,
                                List.of(run(firstIndex, lastIndex))))),
                nowNanos);
    }

    private static ApplyInput.ApplyBatch batch(long firstIndex, long lastIndex, long... waiting) {
        return new ApplyInput.ApplyBatch(
                1,
                new ReplyHeader(1, TERM, Bytes.EMPTY),
                List.of(run(firstIndex, lastIndex)),
                LongStream.of(waiting)
                        .mapToObj(index -> new ApplyInput.WaitingWrite(
                                new EntryId(TERM, index),
                                new RequestOrigin(1, index, 0, 0),
                                Command.getDefaultInstance()))
                        .toList());
    }

    private static Run run(long firstIndex, long lastIndex) {
        return Run.encode(
                1,
                LongStream.rangeClosed(firstIndex, lastIndex)
                        .mapToObj(index -> new Entry(
                                new EntryId(TERM, index),
                                EntryKind.COMMAND,
                                Entry.Stamp.ZERO,
                                Entry.Origin.NONE,
                                Bytes.EMPTY))
                        .toList());
    }
}
