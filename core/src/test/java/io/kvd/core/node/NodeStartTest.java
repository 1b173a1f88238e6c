package io.kvd.core.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kvd.core.base.Bytes;
import io.kvd.core.base.StorageException;
import io.kvd.core.codec.Life;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What a start makes of the directory that it finds. */
class NodeStartTest {
    private static final Bytes FIRST = Bytes.utf8("first-16-bytes--");
    private static final Bytes SECOND = Bytes.utf8("second-16-bytes-");
    private static final InitialCluster CLUSTER = new InitialCluster(
            "a", 1, List.of(new InitialCluster.InitialMember(1, "n1", "n1:1", "n1:1")));

    @Test
    void eachStartHasANonceAndKeepsThoseBefore() {
        NodeRecord first = start(List.of(), FIRST);
        NodeRecord second = start(List.of(first), SECOND);

        assertThat(first.storeId()).isEqualTo(FIRST);
        assertThat(second.storeId()).isEqualTo(FIRST);
        assertThat(first.lives().nonces()).containsExactly(FIRST.longAt(0));
        assertThat(second.lives().nonces()).containsExactly(FIRST.longAt(0), SECOND.longAt(0));
        assertThat(second.identity().life()).isEqualTo(new Life(2, SECOND.longAt(0)));
    }

    @Test
    void nonceIsNeverZero() {
        NodeRecord first = start(List.of(), Bytes.of(new byte[16]));

        assertThat(first.lives().nonces()).containsExactly(1L);
    }

    @Test
    void directoryThatWasFoundToBeAnOlderCopyNeverStartsAgain() {
        NodeRecord copy = start(List.of(), FIRST).refusedFor("node 2 has seen this node later");

        assertThatThrownBy(() -> start(List.of(copy), SECOND))
                .isInstanceOfSatisfying(
                        StorageException.class,
                        e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.OLDER_COPY))
                .hasMessageContaining("node 2 has seen this node later");
    }

    private static NodeRecord start(List<NodeRecord> found, Bytes drawn) {
        return NodeStart.of(CLUSTER, new RestoredLog(found, List.of()), drawn).record();
    }
}
