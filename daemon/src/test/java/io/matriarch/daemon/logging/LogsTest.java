package io.matriarch.daemon.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.spi.FilterReply;
import io.matriarch.engine.config.LocalConfig.LogConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogsTest {
    @TempDir Path dir;

    @AfterEach
    void back() {
        Logs.early();
    }

    @Test
    void linesLookLikeThePeers() throws Exception {
        Logs.apply(config(Map.of("patroni.ha", "DEBUG"), false));
        Logger own = LoggerFactory.getLogger("io.matriarch.engine.shell.X");
        own.debug("heard, because patroni.ha is named");
        LoggerFactory.getLogger("io.matriarch.daemon.X").debug("not heard");
        own.warn("no action. I am ({}), the leader with the lock", "pg1");
        Logs.early();
        assertThat(Files.readAllLines(dir.resolve("patroni.log")))
                .hasSize(2)
                .allMatch(
                        line -> line.matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d,\\d{3} .*"))
                .anyMatch(
                        line ->
                                line.endsWith(
                                        " WARNING: no action. I am (pg1), the leader with the"
                                                + " lock"));
    }

    @Test
    void jsonLines() throws Exception {
        Logs.apply(config(Map.of(), true));
        LoggerFactory.getLogger("io.matriarch.X").error("a \"b\"", new IllegalStateException("c"));
        Logs.early();
        assertThat(Files.readString(dir.resolve("patroni.log")))
                .startsWith("{\"asctime\": \"")
                .contains(
                        "\"levelname\": \"ERROR\", \"message\": \"a \\\"b\\\"\", \"exc_info\": \"")
                .hasLineCount(1);
    }

    /**
     * While a store does not answer, its backend says so; its library would several times a second.
     */
    @Test
    void clientsOfStoresAreHeardWhenTheyFailOrAreNamed() throws Exception {
        String retry = "Session 0x0, Closing socket connection. Attempting reconnect";
        for (String client :
                new String[] {
                    "io.etcd.jetcd.impl.WatchImpl",
                    "org.apache.ratis.server.impl.LeaderElection",
                    "org.apache.zookeeper.ClientCnxn",
                    "org.apache.curator.ConnectionState"
                }) {
            Logs.apply(config(Map.of(), false));
            LoggerFactory.getLogger(client).warn(retry);
            LoggerFactory.getLogger(client).error("failed: {}", client);
        }
        Logs.apply(config(Map.of("org.apache.zookeeper", "INFO"), false));
        LoggerFactory.getLogger("org.apache.zookeeper.ClientCnxn").warn("asked for: {}", retry);
        Logs.early();
        assertThat(Files.readAllLines(dir.resolve("patroni.log")))
                .hasSize(5)
                .filteredOn(line -> line.contains(retry))
                .singleElement()
                .asString()
                .contains("WARNING: asked for");
    }

    @Test
    void oneKindOfExceptionOfOneLibraryIsHeldBack() {
        Unheard unheard = new Unheard("org.apache", IllegalStateException.class.getName());
        unheard.start();
        assertThat(unheard.decide(event("org.apache.X", new IllegalStateException("closing"))))
                .isEqualTo(FilterReply.DENY);
        assertThat(unheard.decide(event("org.apache.X", new IllegalArgumentException("other"))))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(unheard.decide(event("io.matriarch.X", new IllegalStateException("ours"))))
                .isEqualTo(FilterReply.NEUTRAL);
        assertThat(unheard.decide(event("org.apache.X", null))).isEqualTo(FilterReply.NEUTRAL);
    }

    private static LoggingEvent event(String logger, Throwable thrown) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        return new LoggingEvent(
                "LogsTest", context.getLogger(logger), Level.ERROR, "failed", thrown, null);
    }

    private LogConfig config(Map<String, String> loggers, boolean json) {
        return new LogConfig("INFO", loggers, Optional.of(dir.toString()), 1_000_000, 4, json);
    }
}
