package io.kvd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.kvd.core.base.Bytes;
import io.kvd.testing.FakeServer;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** The example in the documentation of {@link KvdClient}, as it stands there. */
class KvdClientExampleTest {
    private final List<Object> used = new ArrayList<>();

    @Test
    void exampleOfTheDocumentationWorks() throws Exception {
        try (FakeServer server = FakeServer.start()) {
            try (KvdClient client = KvdClient.connect(server.address())) {
                long revision = client.put("greeting", "hello");
                String greeting = client.get("greeting").orElseThrow().value().toUtf8();
                for (KeyValue row : client.scan(KeyRange.prefix("user/"))) {
                    use(row);
                }
                client.async()
                        .delete(Bytes.utf8("greeting"))
                        .thenAccept(outcome -> use(outcome))
                        .join();

                assertThat(revision).isEqualTo(2);
                assertThat(greeting).isEqualTo("hello");
                assertThat(used).hasSize(1);
            }
        }
    }

    private void use(Object something) {
        used.add(something);
    }
}
