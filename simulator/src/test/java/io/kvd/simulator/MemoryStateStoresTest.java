package io.kvd.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.InvariantViolation;
import io.kvd.core.base.StorageException;
import io.kvd.core.base.StorageException.Kind;
import io.kvd.core.kv.StateBatch;
import io.kvd.core.kv.StateStore;
import io.kvd.core.kv.StateStores;
import io.kvd.core.kv.StateView;

import org.junit.jupiter.api.Test;

import java.util.random.RandomGenerator;

class MemoryStateStoresTest extends StateStoreContract {
    private final MemoryStateStores stores = new MemoryStateStores();

    @Override
    protected StateStore open() {
        return stores.open(1, 1);
    }

    @Override
    protected StateStores stores() {
        return stores;
    }

    @Override
    protected void crash(StateStore opened, RandomGenerator random) {
        stores.crash(random);
    }

    @Test
    void generationsAreApart() {
        try (StateStore next = stores.open(1, 2)) {
            next.write(new StateBatch().put(key("a"), key("1")));

            assertThat(store().get(key("a"))).isEmpty();
        }
        assertThat(stores.generations(1)).containsExactly(1L, 2L);
        stores.delete(1, 2);
        assertThat(stores.generations(1)).containsExactly(1L);
    }

    @Test
    void failureIsForGood() {
        ((MemoryStateStore) store()).fail(Kind.NO_SPACE);

        assertThatThrownBy(() -> store().write(new StateBatch()))
                .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> store().flush()).isInstanceOf(StorageException.class);
    }

    @Test
    void viewThatOutlivesItsStoreIsFound() {
        StateStore other = stores.open(1, 3);
        try (StateView view = other.view()) {
            assertThat(view.get(key("a"))).isEmpty();
            assertThatThrownBy(other::close).isInstanceOf(InvariantViolation.class);
        }
    }
}
