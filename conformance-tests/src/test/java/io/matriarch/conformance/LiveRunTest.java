package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.live.LiveRun;
import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Section;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit on a store that it can do nothing to. */
class LiveRunTest {
    private final ScheduledExecutorService alarms = Executors.newSingleThreadScheduledExecutor();
    private final MemoryStore store = MemoryStore.onRealClock(alarms);
    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    @TempDir private Path reports;

    @BeforeEach
    void reportElsewhere() {
        System.setProperty("conformance.reports", reports.toString());
    }

    @AfterEach
    void end() {
        System.clearProperty("conformance.reports");
        alarms.shutdownNow();
    }

    /** The reference store behind a wrapper for each client. */
    private DcsProvider opening(UnaryOperator<Dcs> wrapper) {
        return opening((dcs, config) -> wrapper.apply(dcs));
    }

    private DcsProvider opening(BiFunction<Dcs, DcsConfig, Dcs> wrapper) {
        DcsProvider sound = new MemoryDcsProvider(store);
        return new DcsProvider() {
            @Override
            public String name() {
                return "live";
            }

            @Override
            public Dcs open(DcsConfig config, DcsListener listener) {
                return wrapper.apply(sound.open(config, listener), config);
            }
        };
    }

    private DcsProvider broken(Planted planted) {
        return new BrokenProvider("live", planted, store);
    }

    private int run(DcsProvider provider, String rules) {
        try (PrintStream output = new PrintStream(told, true, StandardCharsets.UTF_8)) {
            return LiveRun.run(
                    provider,
                    MemoryDcsProvider.class,
                    new Section("live", Map.of()),
                    Map.of("rules", rules, "namespace", "/here"),
                    output);
        }
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatTheStoreKeepsPassesAndWhatCannotBeDoneToItIsNotRun() throws IOException {
        assertThat(run(opening(dcs -> dcs), "W2, o3,W5")).isEqualTo(LiveRun.SOUND);
        assertThat(told())
                .startsWith("Testing section live (" + MemoryDcsProvider.class.getName() + ")")
                .contains("below /here", "a ttl of 3 s", "without faults.")
                .contains("passed   W5_anOutdatedDeletionIsRefusedAndKeepsTheEntry")
                .contains("NOT RUN (1, rules O3): not tested: the StoreControl does not offer")
                .endsWith("2 rules passed, 0 failed, 1 not run" + System.lineSeparator());
        assertThat(Files.readString(reports.resolve("live.md")))
                .contains(MemoryDcsProvider.class.getName())
                .contains("| W2 | passed |", "| O3 | not run |");
    }

    @Test
    void aBrokenRuleIsToldWithItsReason() {
        int code = run(broken(EntryFault.WRITE_IGNORES_THE_VERSION), "W2,W3");
        assertThat(code).isEqualTo(LiveRun.FAILED);
        assertThat(told())
                .contains("FAILED   W2_anOutdatedWriteIsRefusedAndChangesNothing\n    ")
                .contains("1 rules passed, 1 failed, 0 not run");
    }

    /** Kubernetes puts all clusters of a section into one namespace, real ones too. */
    @Test
    void noScopeHasANameThatAClusterMayHave() {
        Set<String> names = ConcurrentHashMap.newKeySet();
        DcsProvider provider =
                opening(
                        (dcs, config) -> {
                            names.add(config.scope().name());
                            return dcs;
                        });
        assertThat(run(provider, "W5,R4")).isEqualTo(LiveRun.SOUND);
        assertThat(names).hasSizeGreaterThan(4).allMatch(name -> name.matches("[0-9a-f]{8}-.+"));
        assertThat(names.stream().map(name -> name.substring(0, 8)).distinct())
                .as("of the first question and four tests")
                .hasSize(5);
    }

    @Test
    void recordsOfMembersThatTheStoreCannotKnowAreNotRun() {
        DcsProvider provider =
                opening(
                        (dcs, config) ->
                                new Wrapped(new Wrapped.Sound(dcs, config, store)) {
                                    @Override
                                    public Outcome<Outcome.Done> touch(
                                            MemberEntry me, Deadline deadline) {
                                        return Outcome.refused(
                                                Outcome.Refusal.MISSING, "no such Pod");
                                    }
                                });
        assertThat(run(provider, "M1,W5")).isEqualTo(LiveRun.SOUND);
        assertThat(told())
                .contains("rules M1): not tested: the store has no place for records of the kit's")
                .contains("1 rules passed, 0 failed, 1 not run");
    }

    @Test
    void aRuleThatDoesNotExistIsNoSuccess() {
        assertThat(run(opening(dcs -> dcs), "X9")).isEqualTo(LiveRun.NOT_RUN);
        assertThat(told()).contains("the contract has no rule of that name; nothing was tested");
    }

    @Test
    void aStoreThatDoesNotAnswerIsOneSentence() {
        DcsProvider silent =
                opening(
                        dcs -> {
                            throw new DcsException.NotApplied("nobody listens");
                        });
        assertThat(run(silent, "")).isEqualTo(LiveRun.NOT_RUN);
        assertThat(told())
                .isEqualTo(
                        "matriarch: the store of section live does not answer (nobody listens);"
                                + " nothing was tested; check its addresses, and that it runs"
                                + System.lineSeparator());
    }

    @Test
    void anUnusableSettingReachesTheCaller() {
        DcsProvider wrong =
                opening(
                        dcs -> {
                            throw new DcsException.Misconfigured("live.hosts is wrong");
                        });
        assertThatThrownBy(() -> run(wrong, "")).hasMessage("live.hosts is wrong");
    }
}
