package io.matriarch.conformance;

import io.matriarch.conformance.report.ReportFiles;
import io.matriarch.conformance.report.RunReport;
import io.matriarch.conformance.report.TestVerdict;
import io.matriarch.conformance.report.Verdict;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.DcsTraits;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What one test class has found so far, from its first test to its report. */
final class Run {
    private static final Map<Class<?>, Run> RUNS = new ConcurrentHashMap<>();

    private final Class<?> testClass;
    private final Map<String, TestVerdict> verdicts = new TreeMap<>();
    private Optional<Histories> histories = Optional.empty();
    private Optional<Subject> subject = Optional.empty();
    private Optional<Bench> bench = Optional.empty();
    private Optional<DcsTraits> traits = Optional.empty();

    /** What is under test, as the test class names it. */
    record Subject(String name, Class<?> plugin, Optional<String> storeVersion) {}

    private Run(Class<?> testClass) {
        this.testClass = testClass;
    }

    static Run of(Class<?> testClass) {
        return RUNS.computeIfAbsent(testClass, Run::new);
    }

    /** After each test; what is under test is asked for once. */
    synchronized void about(Bench used, Optional<DcsTraits> declared, Supplier<Subject> asked) {
        bench = Optional.of(used);
        traits = declared.or(() -> traits);
        if (subject.isEmpty()) {
            subject = Optional.of(asked.get());
        }
    }

    /** The histories are played once, for the first test that judges them. */
    synchronized Histories histories(Supplier<Histories> played) {
        if (histories.isEmpty()) {
            histories = Optional.of(played.get());
        }
        return histories.get();
    }

    synchronized void ended(String test, Verdict verdict, String reason) {
        verdicts.put(test, TestVerdict.of(test, verdict, reason));
    }

    /** Writes the report, unless no test got as far as naming the plug-in, and forgets the run. */
    static void finish(Class<?> testClass) {
        Run run = RUNS.remove(testClass);
        if (run != null && run.subject.isPresent()) {
            Path folder = Path.of(System.getProperty("conformance.reports", "target/conformance"));
            ReportFiles.write(folder, run.report(run.subject.get()));
        }
    }

    private RunReport report(Subject named) {
        Bench used = bench.orElseThrow();
        Class<?> provider = named.plugin();
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("plug-in version", version(provider));
        versions.put("SPI version", Integer.toString(DcsProvider.SPI_VERSION));
        versions.put("store version", named.storeVersion().orElse("not told"));
        return new RunReport(
                named.name(),
                used.provider().name() + " (" + provider.getName() + ")",
                versions,
                used.control().abilities().stream().map(Enum::name).sorted().toList(),
                traits.or(() -> histories.map(Histories::traits)),
                histories.map(Histories::seed),
                histories.map(Histories::toString).orElse("none played"),
                withThoseNotSelected());
    }

    /** Packages of plain folders carry no version; the build that runs the tests knows it. */
    private static String version(Class<?> of) {
        return Optional.ofNullable(of.getPackage().getImplementationVersion())
                .orElseGet(() -> System.getProperty("conformance.plugin.version", "not packaged"));
    }

    private List<TestVerdict> withThoseNotSelected() {
        Collection<String> all =
                Arrays.stream(DcsConformance.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(Method::getName)
                        .toList();
        List<TestVerdict> tests = new ArrayList<>(verdicts.values());
        all.stream()
                .filter(test -> !verdicts.containsKey(test))
                .map(test -> TestVerdict.of(test, Verdict.NOT_RUN, "not selected"))
                .forEach(tests::add);
        return tests;
    }
}
