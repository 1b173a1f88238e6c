package io.kvd.bench.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class RedisRepliesTest {
    private static final String ANSWERS = "+OK\r\n$3\r\na\r\n\r\n$-1\r\n-ERR no\r\n$0\r\n\r\n";

    private final RedisReplies replies = new RedisReplies();
    private final EmbeddedChannel channel = new EmbeddedChannel(replies);
    private final List<String> ends = new ArrayList<>();

    @Test
    void answersReachTheRequestsInTheirOrder() {
        expect(5);

        receive(ANSWERS);

        assertThat(ends)
                .containsExactly("0: 0 rows", "1: 1 rows", "2: 0 rows", "3: ERR no", "4: 1 rows");
    }

    @Test
    void answersMayComeByteByByte() {
        expect(5);

        ANSWERS.chars().forEach(c -> receive(Character.toString(c)));

        assertThat(ends).hasSize(5).endsWith("3: ERR no", "4: 1 rows");
    }

    @Test
    void requestsFailWithTheirConnection() {
        expect(2);
        receive("+OK\r\n");

        channel.close();
        expect(1);

        assertThat(ends)
                .containsExactly(
                        "0: 0 rows", "1: the connection is closed", "0: the connection is closed");
    }

    private void expect(int count) {
        for (int i = 0; i < count; i++) {
            String name = i + ": ";
            replies.expect(new Completion() {
                @Override
                public void succeeded(int rows) {
                    ends.add(name + rows + " rows");
                }

                @Override
                public void failed(String reason) {
                    ends.add(name + reason);
                }
            });
        }
    }

    private void receive(String text) {
        channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
    }
}
