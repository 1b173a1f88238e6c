package io.kvd.server.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

class HostPortTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:7400, 127.0.0.1:7400",
        ":8080, 127.0.0.1:8080",
        "localhost:8080, 127.0.0.1:8080",
        "' LOCALHOST:1 ', 127.0.0.1:1",
        "DB1.example:65535, db1.example:65535",
        "my_service-1:80, my_service-1:80",
        "[::1]:7400, [::1]:7400",
        "[FE80::2]:7400, [fe80::2]:7400",
        "[::]:7400, [::]:7400",
    })
    void readsAddressesAsPeopleWriteThem(String text, String expected) {
        assertThat(HostPort.parse(text)).hasToString(expected);
        assertThat(HostPort.parse(expected)).isEqualTo(HostPort.parse(text));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, port is missing",
        "[::1], port is missing",
        "'', port is missing",
        "::1:7400, brackets",
        "host:, not a number",
        "host:http, not a number",
        "host:-1, not a number",
        "host:0, outside",
        "host:65536, outside",
        "host:999999, not a number",
        "256.0.0.1:80, not an IPv4 address",
        "1.2.3:80, not an IPv4 address",
        "1.2.3.4.:80, not an IPv4 address",
        "-a:80, not a host name",
        "a b:80, not a host name",
        "http://a:80, brackets",
        "[12345::1]:80, not an IPv6 address",
        "[::1:80, brackets",
        "[a]:80, not an IPv6 address",
        "[::1%eth0]:80, not an IPv6 address",
    })
    void refusesWhatIsNoAddressAndSaysWhy(String text, String why) {
        assertThatThrownBy(() -> HostPort.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void ordersPortsByNumber() {
        assertThat(List.of(
                                HostPort.parse(":10000"),
                                HostPort.parse(":8081"),
                                HostPort.parse(":8080"))
                        .stream()
                        .sorted()
                        .map(HostPort::port))
                .containsExactly(8080, 8081, 10000);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:1, true",
        "[::]:1, true",
        "[0:0::0]:1, true",
        "127.0.0.1:1, false",
        "[::1]:1, false"
    })
    void knowsTheAddressesThatStandForAll(String text, boolean wildcard) {
        assertThat(HostPort.parse(text).isWildcard()).isEqualTo(wildcard);
    }
}
