package io.matriarch.daemon.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.matriarch.engine.config.LocalConfig.LogConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * Where log lines go and what they look like: {@code 2026-11-23 02:24:58,052 INFO: message}. May be
 * applied again at any time; lines are never lost in between.
 */
public final class Logs {
    private static final String LINE =
            "%date{\"yyyy-MM-dd HH:mm:ss,SSS\"} %replace(%level){'^WARN$','WARNING'}: %msg%n";

    /** Chatty libraries, which only an operator who names them wants to hear. */
    private static final List<String> LIBRARIES =
            List.of(
                    "io.undertow",
                    "org.xnio",
                    "org.jboss",
                    "io.grpc",
                    "io.netty",
                    "org.postgresql");

    /** They warn of each attempt that a backend makes again and reports by itself. */
    private static final List<String> CLIENTS =
            List.of("io.etcd", "org.apache.ratis", "org.apache.zookeeper", "org.apache.curator");

    /**
     * What is no error: a member of the embedded store that starts or ends cannot take an entry,
     * and is sent it again.
     */
    private static final Unheard NOT_READY =
            new Unheard(
                    "org.apache.ratis",
                    "org.apache.ratis.protocol.exceptions.ServerNotReadyException");

    /** The peer's logger names that operators' files carry; the longest match counts. */
    private static final Map<String, String> PEER_NAMES =
            Map.of(
                    "patroni", "io.matriarch",
                    "patroni.ha", "io.matriarch.engine",
                    "patroni.api", "io.matriarch.daemon.http",
                    "patroni.postgresql", "io.matriarch.postgres",
                    "patroni.postmaster", "io.matriarch.postgres",
                    "patroni.dcs", "io.matriarch.dcs");

    private Logs() {}

    /** Before the configuration is known: warnings and worse to standard error. */
    public static void early() {
        // The store's library also speaks through the Java runtime's own logging.
        java.util.logging.Logger.getLogger("").setLevel(java.util.logging.Level.WARNING);
        apply(new LogConfig("WARNING", Map.of(), Optional.empty(), 0, 0, false));
    }

    /** Takes the place of whatever was set up before. */
    public static void apply(LogConfig config) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Appender<ILoggingEvent> appender =
                config.directory()
                        .map(directory -> file(context, config, directory))
                        .orElseGet(() -> console(context, config));
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        List<Appender<ILoggingEvent>> former = new java.util.ArrayList<>();
        root.iteratorForAppenders().forEachRemaining(former::add);
        root.addAppender(appender);
        former.forEach(
                old -> {
                    root.detachAppender(old);
                    old.stop();
                });
        for (Logger logger : context.getLoggerList()) {
            if (logger != root) {
                logger.setLevel(null);
            }
        }
        root.setLevel(level(config.level()));
        CLIENTS.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        LIBRARIES.forEach(name -> context.getLogger(name).setLevel(Level.WARN));
        config.loggers()
                .forEach((name, level) -> context.getLogger(ours(name)).setLevel(level(level)));
    }

    private static String ours(String name) {
        String prefix = name;
        while (!prefix.isEmpty()) {
            if (PEER_NAMES.containsKey(prefix)) {
                return PEER_NAMES.get(prefix);
            }
            prefix = prefix.substring(0, Math.max(0, prefix.lastIndexOf('.')));
        }
        return name;
    }

    private static Level level(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "DEBUG" -> Level.DEBUG;
            case "WARN", "WARNING" -> Level.WARN;
            case "ERROR", "FATAL", "CRITICAL" -> Level.ERROR;
            default -> Level.INFO;
        };
    }

    private static Appender<ILoggingEvent> console(LoggerContext context, LogConfig config) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget("System.err");
        return started(appender, context, config);
    }

    private static Appender<ILoggingEvent> file(
            LoggerContext context, LogConfig config, String directory) {
        // Tools that ship logs know the file by this name.
        String file = Path.of(directory, "patroni.log").toString();
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file);
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMinIndex(1);
        rolling.setMaxIndex(Math.max(1, config.fileCount()));
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
        trigger.setContext(context);
        trigger.setMaxFileSize(new FileSize(Math.max(1, config.fileSize())));
        trigger.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(trigger);
        return started(appender, context, config);
    }

    private static Appender<ILoggingEvent> started(
            OutputStreamAppender<ILoggingEvent> appender, LoggerContext context, LogConfig config) {
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout(context, config.json()));
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.addFilter(NOT_READY);
        appender.start();
        return appender;
    }

    private static Layout<ILoggingEvent> layout(LoggerContext context, boolean json) {
        if (json) {
            JsonLayout layout = new JsonLayout();
            layout.setContext(context);
            layout.start();
            return layout;
        }
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(LINE);
        layout.start();
        return layout;
    }
}
