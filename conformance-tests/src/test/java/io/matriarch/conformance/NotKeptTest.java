package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** What a store does not keep is never a pass, also where it need not keep it. */
class NotKeptTest {
    @TempDir private Path reports;

    @BeforeEach
    void reportElsewhere() {
        System.setProperty("conformance.reports", reports.toString());
    }

    @AfterEach
    void reset() {
        System.clearProperty("conformance.reports");
    }

    @Test
    void aDeclaredWeaknessIsReportedAsNotKept() throws IOException {
        Map<String, String> failed =
                run(
                        SessionFault.CLOSE_WRITES_A_MEMBER_RECORD_THAT_STAYS,
                        selectMethod(
                                StayingRecordsKit.class,
                                "M2_bothRecordsVanishAfterTheProcessEnded"),
                        selectMethod(StayingRecordsKit.class, "M2_aTouchedRecordOutlivesItsTtl"));
        assertThat(failed).isEmpty();
        assertThat(Files.readString(reports.resolve("broken.md")))
                .contains("**0 rules passed, 0 failed, 1 not kept, as declared, 49 not run.**")
                .contains("| M2 | not kept | 1 of 2 | declared: a member's record may outlive");
        assertThat(Files.readString(reports.resolve("broken.json")))
                .contains("\"notKept\": 1,", "{\"rule\": \"M2\", \"verdict\": \"not kept\"");
    }

    @Test
    void aRecommendationThatIsNotFollowedIsReportedAsNotKept() throws IOException {
        assertThat(
                        run(
                                WatchFault.OWN_RENEWALS_ARE_TOLD,
                                selectMethod(BrokenStoreKit.class, "N5_ownRenewalsAreNotTold")))
                .isEmpty();
        assertThat(Files.readString(reports.resolve("broken.md")))
                .contains("| N5 | not kept | 0 of 1 | the rule is a SHOULD: ");
    }

    /** The reference store has nothing to note. */
    @Test
    void aWeaknessThatOnlyTheKitIsToldOfIsAFailure() {
        String told = "S6_aDeclaredWeaknessIsToldInItsNote";
        assertThat(
                        run(
                                SessionFault.CLOSE_WRITES_A_MEMBER_RECORD_THAT_STAYS,
                                selectMethod(StayingRecordsKit.class, told)))
                .containsOnlyKeys(told);
    }

    @Test
    void aKitThatReplacesTheTestOfARuleFails() {
        Map<String, String> failed =
                run(
                        EntryFault.A_TEXT_IS_TRIMMED,
                        selectMethod(ReplacedRuleKit.class, "R4_aMissingScopeIsEmpty"));
        assertThat(failed).hasSize(1);
        assertThat(failed.values().iterator().next())
                .contains("replaces M2_bothRecordsVanishAfterTheProcessEnded; ");
    }

    @Test
    void theReportTellsTheVersionsOfTheSpiAndOfThePlugIn() throws IOException {
        run(
                EntryFault.A_TEXT_IS_TRIMMED,
                selectMethod(BrokenStoreKit.class, "R4_aMissingScopeIsEmpty"));
        assertThat(Files.readString(reports.resolve("broken.md")))
                .contains("| SPI version | 1 |")
                .containsPattern("\\| plug-in version \\| \\d+\\.\\d+\\.\\d+");
    }

    /** What failed, and why: tests, and classes as a whole. */
    private static Map<String, String> run(Planted planted, DiscoverySelector... selected) {
        Map<String, String> failed = new ConcurrentHashMap<>();
        LauncherFactory.create()
                .execute(
                        BrokenStoreKit.with(planted).selectors(selected).build(),
                        new TestExecutionListener() {
                            @Override
                            public void executionFinished(
                                    TestIdentifier test, TestExecutionResult result) {
                                if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                                    failed.put(
                                            test.getDisplayName(),
                                            result.getThrowable().orElseThrow().getMessage());
                                }
                            }
                        });
        return failed;
    }
}
