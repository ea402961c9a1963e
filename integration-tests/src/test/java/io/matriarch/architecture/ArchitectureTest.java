package io.matriarch.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the arrows and the shape of the code, and shows that each rule can fail. */
class ArchitectureTest {
    private static final String ROOT = "io.matriarch";
    private static final String PLANTED = "io.matriarch.planted";

    /** Far below what there is, and far above what a broken import would find. */
    private static final int ENOUGH_CLASSES = 200;

    private static final List<String> MODULES =
            List.of(
                    "spi",
                    "conformance",
                    "dcs.etcd",
                    "dcs.kubernetes",
                    "dcs.consul",
                    "dcs.raft",
                    "dcs.zookeeper",
                    "engine",
                    "postgres",
                    "daemon",
                    "cli",
                    "lab",
                    "demo");

    private static final JavaClasses PRODUCT =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);
    private static final JavaClasses VIOLATORS = new ClassFileImporter().importPackages(PLANTED);

    private static final Map<String, ArchRule> RULES = ArchitectureRules.forRoot(ROOT);
    private static final Map<String, ArchRule> PLANTED_RULES = ArchitectureRules.forRoot(PLANTED);

    /** Rule to the planted classes that break it; every rule must be here. */
    private static final Map<String, Set<String>> BREAKERS =
            Map.ofEntries(
                    Map.entry(
                            "spi sees the JDK and slf4j only",
                            Set.of("spi.UsesALibrary", "spi.KnowsTheEngine")),
                    Map.entry("dcs -> spi", Set.of("dcs.etcd.KnowsTheEngine")),
                    Map.entry("conformance -> spi", Set.of("conformance.KnowsABackend")),
                    Map.entry("engine -> spi", Set.of("engine.port.KnowsPostgres")),
                    Map.entry("postgres -> spi, engine", Set.of("postgres.KnowsTheDaemon")),
                    Map.entry(
                            "postgres not -> engine.decide, engine.shell",
                            Set.of("postgres.AsksTheShell")),
                    Map.entry("daemon -> spi, engine, postgres", Set.of("daemon.KnowsABackend")),
                    Map.entry("cli -> spi, engine", Set.of("cli.KnowsPostgres")),
                    Map.entry("cli not -> engine.decide, engine.shell", Set.of("cli.RunsTheShell")),
                    Map.entry(
                            "decide and model are pure",
                            Set.of(
                                    "engine.decide.ReadsAFile",
                                    "engine.decide.AsksTheMachine",
                                    "engine.decide.Logs",
                                    "engine.model.WritesJson")),
                    Map.entry("decide calls no port", Set.of("engine.decide.CallsAPort")),
                    Map.entry(
                            "time is handed in",
                            Set.of("engine.codec.LooksAtTheClock", "engine.shell.Sleeps")),
                    Map.entry("leases know no wall clock", Set.of("dcs.raft.ReadsTheWallClock")),
                    Map.entry("the shell starts no thread", Set.of("engine.shell.Sleeps")),
                    Map.entry("one caller of ServiceLoader", Set.of("daemon.LoadsPlugins")),
                    Map.entry("no dumping grounds", Set.of("engine.codec.JsonUtils")),
                    Map.entry("no cycles between packages", Set.of("engine.rest.NeedsShell")),
                    Map.entry("methods have at most 70 lines", Set.of("daemon.TalksTooLong")));

    static Set<String> rules() {
        return RULES.keySet();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theProductKeepsTheRule(String rule) {
        RULES.get(rule).check(PRODUCT);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theRuleFailsOnPlantedClasses(String rule) {
        EvaluationResult result = PLANTED_RULES.get(rule).evaluate(VIOLATORS);
        String report = result.getFailureReport().toString();
        assertThat(BREAKERS).containsKey(rule);
        assertThat(result.hasViolation()).isTrue();
        for (String breaker : BREAKERS.get(rule)) {
            assertThat(report).contains(PLANTED + "." + breaker);
        }
    }

    @Test
    void everyModuleWasLookedAt() {
        Set<String> packages =
                PRODUCT.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        for (String module : MODULES) {
            assertThat(packages).anyMatch(name -> name.startsWith(ROOT + "." + module));
        }
        assertThat(PRODUCT).hasSizeGreaterThan(ENOUGH_CLASSES);
    }
}
