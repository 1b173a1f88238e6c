package io.kvd.server.runtime;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;

import io.kvd.server.runtime.config.ServerConfig.Log;
import io.kvd.server.runtime.config.ServerConfig.LogFormat;
import io.kvd.server.runtime.config.ServerConfig.LogLevel;

import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * Sets logback up: one line a message on the standard error, our own rooms at {@code log.level}, libraries from WARN.
 * A logging thread never waits for whoever reads: a queue stands between, and what does not fit is dropped. Logback
 * finds this class through META-INF/services, before the first message: its own default is DEBUG of everything. Who
 * puts a logback.xml on the class path is left alone.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
    private static final Log BEFORE_CONFIGURATION = new Log(LogLevel.INFO, LogFormat.TEXT, 500);
    private static final List<String> OUR_LOGGERS = List.of("io.kvd", "kvd");
    private static final List<String> FOREIGN_FILES = List.of("logback-test.xml", "logback.xml");
    private static final int MAX_QUEUED_MESSAGES = 4096;
    private static final int MAX_FLUSH_MS = 1000;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (FOREIGN_FILES.stream().anyMatch(Logging::exists)) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        apply(context, BEFORE_CONFIGURATION);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** From now on logs as configured, unless a file of logback's is on the class path. */
    static void apply(Log config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        if (FOREIGN_FILES.stream().noneMatch(Logging::exists)) {
            apply(context, config);
        }
    }

    /** Returns when what was logged is written, or cannot be within a second. Nothing is logged any more. */
    static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    static void apply(LoggerContext context, Log config) {
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder(context, config.format()));
        console.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(MAX_QUEUED_MESSAGES);
        queue.setNeverBlock(true);
        queue.setMaxFlushTime(MAX_FLUSH_MS);
        queue.addAppender(console);
        queue.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(queue);
        Level level = Level.toLevel(config.level().name());
        root.setLevel(level == Level.ERROR ? Level.ERROR : Level.WARN);
        OUR_LOGGERS.forEach(name -> context.getLogger(name).setLevel(level));
    }

    private static boolean exists(String resource) {
        return Logging.class.getClassLoader().getResource(resource) != null;
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, LogFormat format) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> {
                TextLayout layout = new TextLayout();
                layout.setContext(context);
                layout.start();
                LayoutWrappingEncoder<ILoggingEvent> text = new LayoutWrappingEncoder<>();
                text.setLayout(layout);
                yield text;
            }
            case JSON -> {
                JsonEncoder json = new JsonEncoder();
                json.setWithSequenceNumber(false);
                json.setWithNanoseconds(false);
                json.setWithContext(false);
                json.setWithMDC(false);
                json.setWithKVPList(false);
                json.setWithMarkers(false);
                json.setWithMessage(false);
                json.setWithArguments(false);
                json.setWithFormattedMessage(true);
                yield json;
            }
        };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
