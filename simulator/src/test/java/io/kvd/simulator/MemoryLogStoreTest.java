package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.node.LogStore;
import io.kvd.core.raft.EntryId;
import io.kvd.simulator.MemoryLogStore.EntryLocation;
import io.kvd.simulator.MemoryLogStore.FailedWrite;

import org.junit.jupiter.api.Test;

class MemoryLogStoreTest extends LogStoreContract {
    private final MemoryLogStore memory = new MemoryLogStore();

    @Override
    protected LogStore open() {
        return memory;
    }

    @Override
    protected void kill(LogStore opened) {
        memory.crash();
    }

    @Test
    void lostWriteIsAbsentAfterTheCrash() {
        birth();
        write(log().append(3, 10));
        memory.failNextWrite(FailedWrite.LOST, Kind.IO);

        assertThatThrownBy(() -> write(log().append(1, 10))).isInstanceOf(StorageException.class);

        assertThat(restart().groups().get(0).last()).isEqualTo(new EntryId(1, 3));
    }

    @Test
    void writeThatFailedMayBeThereAfterTheCrash() {
        birth();
        write(log().append(3, 10));
        memory.failNextWrite(FailedWrite.DURABLE, Kind.IO);

        assertThatThrownBy(() -> write(log().append(1, 10))).isInstanceOf(StorageException.class);

        assertThat(restart().groups().get(0).last()).isEqualTo(new EntryId(1, 4));
    }

    @Test
    void afterAFailedWriteEveryWriteFailsAlike() {
        birth();
        memory.failNextWrite(FailedWrite.LOST, Kind.NO_SPACE);
        assertThatThrownBy(() -> write(log().touch())).isInstanceOf(StorageException.class);

        assertThatThrownBy(() -> write(log().touch()))
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NO_SPACE));
    }

    @Test
    void damagedEntryIsRefusedAtStart() {
        birth();
        write(log().append(3, 10));
        write(log().append(3, 10));
        memory.damage(new EntryLocation(1, 2));

        assertThatThrownBy(this::restart)
                .isInstanceOfSatisfying(
                        StorageException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGE))
                .hasMessageContaining("index 2");
    }
}
