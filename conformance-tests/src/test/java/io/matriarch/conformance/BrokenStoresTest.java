package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.matriarch.conformance.report.NotKept;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit notices a store that breaks a rule, and names that rule and no other. */
@Tag("slow")
class BrokenStoresTest {
    /** Groups that take a moment only; they run on every fault, to see that they stay green. */
    private static final Set<Class<?>> QUICK_GROUPS =
            Set.of(OutcomeRules.class, LeaseRules.class, ReadingRules.class, WriteRules.class);

    /**
     * Not where the build looks for reports: a store that was broken on purpose is none of its
     * backends.
     */
    @TempDir private Path reports;

    @BeforeEach
    void reportElsewhere() {
        System.setProperty("conformance.reports", reports.toString());
    }

    @AfterEach
    void reset() {
        System.clearProperty("conformance.reports");
    }

    static Stream<Planted> faults() {
        return Plants.all();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachPlantedFaultFailsItsRuleAlone(Planted planted) {
        Set<String> broken = Entailed.with(planted);
        Verdicts verdicts = new Verdicts();
        LauncherFactory.create().execute(testsFor(planted, broken), verdicts);
        assertThat(verdicts.failed).isEqualTo(broken);
        assertThat(verdicts.passed).as("rules seen to pass").hasSizeGreaterThan(15);
    }

    private static LauncherDiscoveryRequest testsFor(Planted planted, Set<String> broken) {
        PostDiscoveryFilter wanted =
                test -> FilterResult.includedIf(!test.isTest() || isWanted(method(test), broken));
        return BrokenStoreKit.with(planted)
                .selectors(selectClass(BrokenStoreKit.class))
                .filters(wanted)
                .build();
    }

    private static Method method(TestDescriptor test) {
        return ((org.junit.platform.engine.support.descriptor.MethodSource)
                        test.getSource().orElseThrow())
                .getJavaMethod();
    }

    private static boolean isWanted(Method test, Set<String> broken) {
        // Histories have planted faults of their own, in virtual time.
        return QUICK_GROUPS.contains(test.getDeclaringClass())
                || test.getDeclaringClass() != HistoryRules.class
                        && broken.contains(rule(test.getName()));
    }

    private static String rule(String testName) {
        return testName.substring(0, testName.indexOf('_'));
    }

    /** The rules that failed, or that are not kept, and those of which every test passed. */
    private static final class Verdicts implements TestExecutionListener {
        private final Set<String> failed = new ConcurrentSkipListSet<>();
        private final Set<String> passed = new ConcurrentSkipListSet<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (test.isTest()) {
                String rule = rule(test.getDisplayName());
                boolean ended = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
                boolean broken =
                        result.getStatus() == TestExecutionResult.Status.FAILED
                                || result.getThrowable()
                                        .filter(NotKept.class::isInstance)
                                        .isPresent();
                if (broken) {
                    failed.add(rule);
                } else if (ended) {
                    passed.add(rule);
                }
            }
        }
    }
}
