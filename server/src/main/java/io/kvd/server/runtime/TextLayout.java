package io.kvd.server.runtime;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** {@code 2026-11-21T04:05:06.789Z INFO  raft     became leader group=1 term=4}, in UTC. */
final class TextLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final String OUR_ROOMS = "io.kvd.server.";

    @Override
    public String doLayout(ILoggingEvent event) {
        String line = "%s %-5s %-8s %s%n"
                .formatted(
                        TIME.format(Instant.ofEpochMilli(event.getTimeStamp())),
                        event.getLevel(),
                        room(event.getLoggerName()),
                        event.getFormattedMessage());
        @Nullable IThrowableProxy thrown = event.getThrowableProxy();
        return thrown == null ? line : line + ThrowableProxyUtil.asString(thrown);
    }

    /** {@code storage} of {@code io.kvd.server.storage.X}, {@code raft} of {@code kvd.raft}, {@code netty} of {@code io.netty.X}. */
    static String room(String logger) {
        String name = logger.startsWith(OUR_ROOMS)
                ? logger.substring(OUR_ROOMS.length())
                : afterFirstDot(logger);
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static String afterFirstDot(String name) {
        return name.substring(name.indexOf('.') + 1);
    }
}
