package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import io.matriarch.conformance.memory.MemoryGate;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The frame: help, usage errors, errors of the store, and what operators type. */
class CtlTest {
    private static final Clock BERLIN =
            Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneId.of("Europe/Berlin"));

    @Test
    void withoutACommandTheHelpIsShown() throws IOException {
        try (CtlRun ctl = new CtlRun()) {
            CtlRun.Result result = ctl.run("");
            assertThat(result.code()).isZero();
            assertThat(result.out())
                    .startsWith("Usage: patronictl [")
                    .contains("switchover", "edit-config", "Exit codes:");
            assertThat(ctl.run("", "--help").out()).isEqualTo(result.out());
            assertThat(ctl.run("", "restart", "--help").out())
                    .startsWith("Usage: patronictl restart [");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lst", "--nope", "list --nope", "restart", "flush demo"})
    void wrongUsageIsTwoLinesAndAReason(String words) throws IOException {
        try (CtlRun ctl = new CtlRun()) {
            CtlRun.Result result = ctl.run("", words.split(" "));
            assertThat(result.code()).isEqualTo(2);
            assertThat(result.out()).isEmpty();
            List<String> lines = result.err().lines().toList();
            assertThat(lines.get(0)).startsWith("Usage: patronictl");
            assertThat(lines).anyMatch(line -> line.startsWith("Try 'patronictl"));
            assertThat(lines.get(lines.size() - 1)).startsWith("Error: ");
        }
    }

    @Test
    void anUnreachableStoreIsOneSentenceInBoundedTime() throws IOException {
        try (CtlRun ctl = new CtlRun().threeMembers()) {
            ctl.store.gate("default").set(MemoryGate.State.SILENT);
            CtlRun.Result result = ctl.run("", "list");
            assertThat(result.code()).isEqualTo(1);
            assertThat(result.err())
                    .startsWith("Error: The store gave no answer: ")
                    .hasLineCount(1);
            assertThat(ctl.run("", "--debug", "list").err()).contains("\tat io.matriarch.");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T04:26, 2026-11-24T04:26+01:00",
        "2026-11-24 04:26, 2026-11-24T04:26+01:00",
        "2026-07-01T04:26, 2026-07-01T04:26+02:00",
        "2030-01-01T00:00Z, 2030-01-01T00:00Z",
        "2030-01-01T12:00+00, 2030-01-01T12:00Z",
        "2030-01-01T12:00+0200, 2030-01-01T12:00+02:00",
        "2030-01-01 12:00:30.5 UTC, 2030-01-01T12:00:30.500Z",
        "9:30, 2026-11-23T09:30+01:00",
        "10:30+00, 2026-11-23T10:30Z",
    })
    void timesWithoutAZoneAreLocal(String typed, String meant) {
        assertThat(OperatorTime.parse(typed, BERLIN).orElseThrow()).hasToString(meant);
    }

    @Test
    void nowIsNoTime() {
        assertThat(OperatorTime.parse("now", BERLIN)).isEmpty();
        assertThat(OperatorTime.parse(" Now ", BERLIN)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "2026-13-01T00:00", "2026-11-24", "24:00", "11/12/26 10:00"})
    void whatCouldMeanTwoThingsIsRefused(String typed) {
        assertThatThrownBy(() -> OperatorTime.parse(typed, BERLIN))
                .isInstanceOf(CtlError.class)
                .hasMessageStartingWith("Unable to parse scheduled timestamp (" + typed + ")");
    }

    @Test
    void theStoresUrlMakesASection() {
        StoreUrl full = StoreUrl.parse("etcd3://10.0.0.1:12379/prod/");
        assertThat(full.section().name()).isEqualTo("etcd3");
        assertThat(full.section().text("host")).hasValue("10.0.0.1:12379");
        assertThat(full.namespace()).hasValue("/prod");
        assertThat(StoreUrl.parse("consul://c").section().text("host")).hasValue("c:8500");
        StoreUrl guessed = StoreUrl.parse("z1:2181");
        assertThat(guessed.section().name()).isEqualTo("zookeeper");
        assertThat(guessed.section().list("hosts")).containsExactly("z1:2181");
        assertThat(guessed.namespace()).isEmpty();
        assertThat(StoreUrl.parse("10.0.0.1").section().text("host")).hasValue("10.0.0.1:2379");
        assertThatThrownBy(() -> StoreUrl.parse("foo://x")).hasMessage("Unknown dcs scheme: foo");
    }

    @Test
    void theLastLogVariableWins() {
        assertThat(CtlLogging.level(Map.of())).isEqualTo(Level.WARN);
        assertThat(CtlLogging.level(Map.of("LOGLEVEL", "DEBUG", "PATRONI_LOG_LEVEL", "ERROR")))
                .isEqualTo(Level.ERROR);
    }
}
