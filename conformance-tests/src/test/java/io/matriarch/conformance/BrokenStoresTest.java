package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import io.matriarch.conformance.report.NotKept;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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
    /** How many tests of one fault run at a time, each on a store of its own: most of them wait. */
    private static final int TOGETHER = 16;

    /** Faults are tried two at a time, for the same reason. */
    private static final ExecutorService TWO = RealTime.daemons(2);

    private static final Map<Planted, Future<Verdicts>> RUNS = new ConcurrentHashMap<>();

    /**
     * Not where the build looks for reports: a store that was broken on purpose is none of its
     * backends.
     */
    @TempDir private static Path reports;

    static Stream<Planted> faults() {
        return Plants.all();
    }

    @BeforeAll
    static void tryAll() {
        System.setProperty("conformance.reports", reports.toString());
        faults().forEach(planted -> RUNS.put(planted, TWO.submit(() -> verdictsOn(planted))));
    }

    @AfterAll
    static void end() {
        TWO.shutdownNow();
        System.clearProperty("conformance.reports");
    }

    private static Verdicts verdictsOn(Planted planted) {
        return run(planted, TOGETHER, BrokenStoresTest::isWanted);
    }

    private static Verdicts run(Planted planted, int together, Predicate<Method> wanted) {
        Verdicts verdicts = new Verdicts();
        LauncherFactory.create().execute(request(planted, together, wanted), verdicts);
        return verdicts;
    }

    @ParameterizedTest
    @MethodSource("faults")
    void eachPlantedFaultFailsItsRuleAlone(Planted planted) {
        Verdicts verdicts = RealTime.result(RUNS.get(planted));
        Set<String> broken = Entailed.with(planted);
        Set<String> others = new TreeSet<>(verdicts.failed);
        others.removeAll(broken);
        assertThat(verdicts.failed).containsAll(broken);
        assertThat(brokenAlone(planted, others)).as("rules broken besides %s", broken).isEmpty();
        assertThat(verdicts.passed).as("rules seen to pass").hasSizeGreaterThan(45);
    }

    /**
     * Beside thirty others a test may have waited too long for its turn. What the fault breaks it
     * breaks alone, too.
     */
    private static Set<String> brokenAlone(Planted planted, Set<String> rules) {
        return rules.isEmpty()
                ? rules
                : run(planted, 1, test -> isWanted(test) && rules.contains(rule(test.getName())))
                        .failed;
    }

    private static LauncherDiscoveryRequest request(
            Planted planted, int together, Predicate<Method> tests) {
        String parallel = "junit.jupiter.execution.parallel.";
        PostDiscoveryFilter wanted =
                test -> FilterResult.includedIf(!test.isTest() || tests.test(method(test)));
        return BrokenStoreKit.with(planted)
                .selectors(selectClass(BrokenStoreKit.class))
                .filters(wanted)
                .configurationParameter(parallel + "enabled", "true")
                .configurationParameter(parallel + "mode.default", "concurrent")
                .configurationParameter(parallel + "config.strategy", "fixed")
                .configurationParameter(
                        parallel + "config.fixed.parallelism", Integer.toString(together))
                .build();
    }

    private static Method method(TestDescriptor test) {
        return ((org.junit.platform.engine.support.descriptor.MethodSource)
                        test.getSource().orElseThrow())
                .getJavaMethod();
    }

    /** Histories have planted faults of their own, in virtual time. */
    private static boolean isWanted(Method test) {
        return test.getDeclaringClass() != HistoryRules.class;
    }

    private static String rule(String testName) {
        return testName.substring(0, testName.indexOf('_'));
    }

    /** The rules that were found broken, a SHOULD among them, and those of which a test passed. */
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
