package io.kvd.bench.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

class TargetAddressTest {

    @Test
    void whatHasNoSchemeIsAMemberOfTheTargetBefore() {
        assertThat(TargetAddress.parseAll("kvd://a:1,b:2,redis://c:3"))
                .containsExactly(
                        new TargetAddress(TargetAddress.Kind.KVD, List.of("a:1", "b:2")),
                        new TargetAddress(TargetAddress.Kind.REDIS, List.of("c:3")));
    }

    @Test
    void whatIsWrittenIsReadBack() {
        String text = "etcd://127.0.0.1:2379,127.0.0.1:2381";

        assertThat(TargetAddress.parseAll(text)).hasToString("[" + text + "]");
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThatThrownBy(() -> TargetAddress.parseAll("mysql://a:1"))
                .hasMessage("unknown target 'mysql': one of [kvd, etcd, redis]");
        assertThatThrownBy(() -> TargetAddress.parseAll("a:1"))
                .hasMessageContaining("is no target");
        assertThatThrownBy(() -> TargetAddress.parseAll("kvd://a"))
                .hasMessage("'a' is not of the form host:port");
        assertThatThrownBy(() -> TargetAddress.parseAll("kvd://a:1,"))
                .hasMessage("'' is not of the form host:port");
    }
}
