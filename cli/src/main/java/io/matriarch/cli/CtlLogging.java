package io.matriarch.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.util.Locale;
import java.util.Map;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;

/**
 * Log lines on standard error, warnings and up unless the environment asks for more. Set here and
 * not in a file: the daemon's own logging may be on the same class path.
 */
final class CtlLogging {
    private static final String[] VARIABLES = {"LOGLEVEL", "PATRONI_LOGLEVEL", "PATRONI_LOG_LEVEL"};

    private CtlLogging() {}

    static void set(Map<String, String> environment) {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        context.reset();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(
                "%d{\"yyyy-MM-dd HH:mm:ss,SSS\"} - %replace(%level){'^WARN$','WARNING'} - %msg%n");
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(appender);
        Level level = level(environment);
        boolean quiet = level.isGreaterOrEqual(Level.WARN);
        // The stores' libraries warn of each attempt that fails; the tool's own error says it once.
        root.setLevel(quiet ? Level.ERROR : level);
        context.getLogger("io.matriarch").setLevel(level);
        if (quiet) {
            // An alias of a store's section is the daemon's to warn of, not each call's.
            context.getLogger("io.matriarch.engine.plugin").setLevel(Level.ERROR);
            LogManager.getLogManager().reset();
        }
    }

    /** The last variable that is set wins. */
    static Level level(Map<String, String> environment) {
        String word = "WARNING";
        for (String variable : VARIABLES) {
            word = environment.getOrDefault(variable, word);
        }
        return switch (word.strip().toUpperCase(Locale.ROOT)) {
            case "DEBUG" -> Level.DEBUG;
            case "INFO" -> Level.INFO;
            case "ERROR", "CRITICAL", "FATAL" -> Level.ERROR;
            default -> Level.WARN;
        };
    }
}
