package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.matriarch.engine.model.Role;
import io.matriarch.engine.port.PostgresAction;
import io.matriarch.engine.port.StopMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long things take when nothing is in the way. Bounds are wide: machines are busy. */
@Tag("real")
class TimingsTest {
    private static final Logger log = LoggerFactory.getLogger(TimingsTest.class);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir Path base;

    @Test
    void nothingWaitsForAFixedTime() throws Exception {
        try (Node a = new Node(base, "a");
                Node b = new Node(base, "b")) {
            a.useUnixSocket = true;
            a.useSlots = false;
            b.useSlots = false;
            for (Node node : List.of(a, b)) {
                node.postgres.close();
                node.open();
            }
            took("bootstrap", 20_000, () -> a.mustRun(new PostgresAction.Bootstrap()));
            took(
                    "clone",
                    20_000,
                    () ->
                            b.mustRun(
                                    new PostgresAction.Clone(
                                            a.member(Role.PRIMARY), true, a.upstream())));
            await().atMost(LIMIT)
                    .until(() -> b.observe().status().filter(s -> s.streaming()).isPresent());
            assertThat(median(a)).as("median of observations in ms").isLessThan(100);
            assertThat(median(b)).as("median of observations in ms").isLessThan(100);
            took(
                    "fast stop",
                    5_000,
                    () ->
                            a.mustRun(
                                    new PostgresAction.Stop(
                                            StopMode.FAST, false, Optional.empty(), "stop")));
            took("promote", 3_000, () -> b.mustRun(new PostgresAction.Promote()));
            took("first write", 1_000, () -> b.sql("CREATE TABLE t ()"));
            took(
                    "rejoin without rewind",
                    10_000,
                    () -> {
                        a.mustRun(
                                new PostgresAction.StartStandby(
                                        Optional.of(b.upstream()), LIMIT, "rejoin"));
                        await().pollInterval(Duration.ofMillis(10))
                                .atMost(LIMIT)
                                .until(
                                        () ->
                                                a.observe()
                                                        .status()
                                                        .filter(s -> s.streaming())
                                                        .isPresent());
                    });
            took("restart", 5_000, () -> b.mustRun(new PostgresAction.Restart(LIMIT)));
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void took(String what, long limitMillis, Step step) throws Exception {
        long start = System.nanoTime();
        step.run();
        long millis = (System.nanoTime() - start) / 1_000_000;
        log.info("{}: {} ms", what, millis);
        assertThat(millis).as(what).isLessThan(limitMillis);
    }

    private static long median(Node node) {
        List<Long> micros = new ArrayList<>();
        for (int i = 0; i < 31; i++) {
            long start = System.nanoTime();
            assertThat(node.observe().status()).isPresent();
            micros.add((System.nanoTime() - start) / 1000);
        }
        Collections.sort(micros);
        log.info(
                "observation of {}: median {} us, worst {} us",
                node.name,
                micros.get(15),
                micros.get(30));
        return micros.get(15) / 1000;
    }
}
