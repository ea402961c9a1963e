package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** What an author of a plug-in is told when a history in real time breaks a rule. */
@Tag("slow")
class FailureMessageTest {
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "conformance.seed", "1",
                    "conformance.histories", "12",
                    "conformance.shrinking", "5");

    @TempDir private Path reports;

    @BeforeEach
    void set() {
        SETTINGS.forEach(System::setProperty);
        System.setProperty("conformance.reports", reports.toString());
    }

    @AfterEach
    void reset() {
        SETTINGS.keySet().forEach(System::clearProperty);
        System.clearProperty("conformance.reports");
    }

    @Test
    void aBrokenRuleIsToldWithSeedStepsCallsAndCommand() throws IOException {
        Map<String, String> failed = new ConcurrentHashMap<>();
        LauncherFactory.create()
                .execute(
                        histories(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(
                                    TestIdentifier test, TestExecutionResult result) {
                                result.getThrowable()
                                        .ifPresent(
                                                thrown ->
                                                        failed.put(
                                                                test.getDisplayName(),
                                                                thrown.getMessage()));
                            }
                        });
        assertThat(failed).containsOnlyKeys("W1_histories_guardedWritesAreLinearizable");
        assertThat(failed.values().iterator().next())
                .startsWith("W1 is broken in the history of seed ")
                .contains("steps, ", " smaller plans", "WRITE", "calls around it", "> ")
                .contains("replay: mvn test ", "BrokenStoreKit#*_histories*")
                .contains("-Dconformance.seed=", "-Dconformance.histories=1");
        assertThat(Files.readString(reports.resolve("broken.md")))
                .contains("12 rules passed, 1 failed", "| W1 | failed |", "| seed | 1 |")
                .contains("replay: mvn test ");
        assertThat(Files.readString(reports.resolve("broken.json")))
                .contains("{\"rule\": \"W1\", \"verdict\": \"failed\"")
                .contains("{\"rule\": \"W2\", \"verdict\": \"not run\"");
    }

    private static LauncherDiscoveryRequest histories() {
        PostDiscoveryFilter wanted =
                test -> FilterResult.includedIf(!test.isTest() || isOfHistories(test));
        return BrokenStoreKit.with(EntryFault.WRITE_IGNORES_THE_VERSION)
                .selectors(selectClass(BrokenStoreKit.class))
                .filters(wanted)
                .build();
    }

    private static boolean isOfHistories(TestDescriptor test) {
        return test.getDisplayName().contains("_histories_");
    }
}
