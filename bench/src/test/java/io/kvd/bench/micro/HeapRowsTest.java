package io.kvd.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.simulator.MemoryStateStores;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

class HeapRowsTest {
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");
    private static final Bytes C = Bytes.utf8("c");
    private static final Bytes ON_HEAP = Bytes.utf8("heap");
    private static final Bytes IN_STORE = Bytes.utf8("store");
    private static final long TWO_ROWS = 400;

    private final StateStore store = new MemoryStateStores().open(1, 1);
    private final HeapRows rows = new HeapRows(store, TWO_ROWS);

    @Test
    void leastRecentlyUsedRowIsTheOneReadFromTheStore() {
        store.write(new StateBatch().put(A, IN_STORE).put(B, IN_STORE).put(C, IN_STORE));
        rows.written(A, ON_HEAP);
        rows.written(B, ON_HEAP);
        rows.rows(List.of(A));
        rows.written(C, ON_HEAP);

        assertThat(rows.rows(List.of(A, B, C)))
                .containsExactly(Optional.of(ON_HEAP), Optional.of(IN_STORE), Optional.of(ON_HEAP));
    }

    @Test
    void rowThatIsNowhereIsAbsent() {
        rows.written(A, ON_HEAP);

        assertThat(rows.rows(List.of(B, A, C)))
                .containsExactly(Optional.empty(), Optional.of(ON_HEAP), Optional.empty());
    }
}
