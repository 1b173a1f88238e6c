package io.kvd.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.util.concurrent.atomic.AtomicLong;

class GrievanceLogTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger("kvd.net");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
    private final GrievanceLog log = new GrievanceLog(clock::get);

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void oneLineAKindAndMinuteWithTheNumberOfThoseLeftOut() {
        for (int i = 0; i < 10_000; i++) {
            log.report(Grievance.DAMAGED, "127.0.0.1:" + i, "not a Request");
        }
        log.report(Grievance.REFUSED, "127.0.0.1:1", "WRONG_CLUSTER");
        assertThat(lines.list).hasSize(2);

        // The clock's numbers wrap around; a minute is a minute nevertheless.
        clock.addAndGet(GrievanceLog.WINDOW_NANOS);
        log.report(Grievance.DAMAGED, "127.0.0.1:2", "not a Request");

        assertThat(lines.list).hasSize(3);
        assertThat(lines.list.get(2).getFormattedMessage())
                .contains("remote=127.0.0.1:2", "suppressed=9999");
    }
}
