package io.kvd.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;

import io.kvd.server.runtime.config.ServerConfig.Log;
import io.kvd.server.runtime.config.ServerConfig.LogFormat;
import io.kvd.server.runtime.config.ServerConfig.LogLevel;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.MDC;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class LoggingTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @Test
    void textIsOneLineWithTimeLevelRoomAndMessage() {
        String written = written(new Log(LogLevel.INFO, LogFormat.TEXT, 500), context -> {
            context.getLogger("kvd.raft").info("became leader group={} term={}", 1, 4);
            context.getLogger("io.kvd.server.storage.RocksDbLogStore").warn("slow");
            context.getLogger("kvd.raft").debug("hidden");
            context.getLogger("io.netty.util.internal").info("hidden");
        });

        assertThat(written.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(TIME + " INFO  raft     became leader group=1 term=4"),
                        line -> assertThat(line).matches(TIME + " WARN  storage  slow"));
    }

    @Test
    void jsonIsOneObjectALine() {
        String written = written(new Log(LogLevel.DEBUG, LogFormat.JSON, 500), context -> {
            context.getLogger("kvd.raft").debug("said \"{}\"", "x");
            context.getLogger("kvd.raft").error("failed", new IllegalStateException("why"));
        });

        assertThat(written.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("{\"timestamp\":")
                                .contains(
                                        "\"level\":\"DEBUG\"",
                                        "\"loggerName\":\"kvd.raft\"",
                                        "said \\\"x\\\"")
                                .endsWith("}"),
                        line -> assertThat(line)
                                .contains("IllegalStateException", "\"message\":\"why\"")
                                .endsWith("}"));
    }

    @Test
    void errorLevelSilencesLibrariesToo() {
        LoggerContext context = new LoggerContext();
        context.start();
        Logging.apply(context, new Log(LogLevel.ERROR, LogFormat.TEXT, 500));

        assertThat(context.getLogger("io.netty").getEffectiveLevel()).isEqualTo(Level.ERROR);
        context.stop();
    }

    @ParameterizedTest
    @CsvSource({
        "io.kvd.server.net.PeerChannel, net",
        "io.kvd.server.runtime.Halt, runtime",
        "kvd.raft, raft",
        "kvd.slow, slow",
        "io.netty.channel.X, netty",
        "Main, Main",
    })
    void roomIsShort(String logger, String room) {
        assertThat(TextLayout.room(logger)).isEqualTo(room);
    }

    private static String written(Log config, java.util.function.Consumer<LoggerContext> logs) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            LoggerContext context = new LoggerContext();
            context.setMDCAdapter(MDC.getMDCAdapter());
            context.start();
            Logging.apply(context, config);
            logs.accept(context);
            context.stop();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
