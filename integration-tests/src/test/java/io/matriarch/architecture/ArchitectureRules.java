package io.matriarch.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/**
 * The rules of the architecture, each under the name that ARCHITECTURE.md uses for it.
 *
 * <p>They are made for a root package, because each one is also run on planted classes that break
 * it: a rule that was never seen to fail proves nothing.
 */
final class ArchitectureRules {
    private final String root;
    private final Map<String, ArchRule> rules = new LinkedHashMap<>();

    private ArchitectureRules(String root) {
        this.root = root;
    }

    /** All rules by name, for the classes below {@code root}. */
    static Map<String, ArchRule> forRoot(String root) {
        ArchitectureRules made = new ArchitectureRules(root);
        made.addArrows();
        made.addPurity();
        made.addShape();
        return made.rules;
    }

    private void addArrows() {
        rules.put(
                "spi sees the JDK and slf4j only",
                classes()
                        .that()
                        .resideInAPackage(under("spi"))
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                under("spi"),
                                "java..",
                                // Of javax only what is the JDK's: a library may own the rest.
                                "javax.crypto..",
                                "javax.net..",
                                "org.slf4j..")
                        .because("a plug-in must never meet a library version that we chose"));
        arrow("dcs", "spi").because("a backend that needs more shows a hole in the SPI");
        arrow("conformance", "spi").because("the kit judges every backend and knows none");
        arrow("engine", "spi").because("the engine meets the world through its ports");
        arrow("postgres", "spi", "engine").because("it implements the engine's ports");
        forbid("postgres", "engine.decide", "engine.shell")
                .because("the local server is told what to do, and never why");
        arrow("daemon", "spi", "engine", "postgres")
                .because("the daemon wires, and backends come by the loader");
        arrow("cli", "spi", "engine").because("the ctl speaks to members and to the store");
        forbid("cli", "engine.decide", "engine.shell").because("the ctl runs no member");
    }

    private Reason arrow(String from, String... to) {
        String[] allowed =
                Stream.concat(Stream.of(from), Stream.of(to))
                        .map(this::under)
                        .toArray(String[]::new);
        return reason ->
                rules.put(
                        from + " -> " + String.join(", ", to),
                        classes()
                                .that()
                                .resideInAPackage(under(from))
                                .should()
                                .onlyDependOnClassesThat(
                                        resideInAnyPackage(allowed)
                                                .or(resideOutsideOfPackage(root + "..")))
                                .because(reason));
    }

    private Reason forbid(String from, String... to) {
        return reason ->
                rules.put(
                        from + " not -> " + String.join(", ", to),
                        noClasses()
                                .that()
                                .resideInAPackage(under(from))
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(
                                        Stream.of(to).map(this::under).toArray(String[]::new))
                                .because(reason));
    }

    private void addPurity() {
        rules.put(
                "decide and model are pure",
                classes()
                        .that()
                        .resideInAnyPackage(under("engine.decide"), under("engine.model"))
                        .should()
                        .onlyDependOnClassesThat(
                                resideInAnyPackage(
                                                under("engine.decide"),
                                                under("engine.model"),
                                                under("engine.port"),
                                                under("spi"),
                                                "java.lang..",
                                                "java.util",
                                                "java.util.function",
                                                "java.util.regex",
                                                "java.util.stream",
                                                "java.time..")
                                        .and(DescribedPredicate.not(theMachine())))
                        .because("a decision must be replayable from its situation alone"));
        rules.put(
                "decide calls no port",
                noClasses()
                        .that()
                        .resideInAPackage(under("engine.decide"))
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(".*\\.engine\\.port\\.(\\w+Port|Scheduler|MemberControl)")
                        .because("a decision returns effects; the shell carries them out"));
        rules.put(
                "time is handed in",
                noClasses()
                        .that()
                        .resideInAnyPackage(under("engine"), under("spi"))
                        .and()
                        .resideOutsideOfPackage(under("engine.rest"))
                        .and()
                        .doNotHaveSimpleName("Ticker")
                        .should()
                        .accessTargetWhere(readsAClockOrSleeps())
                        .because("the simulator runs this code in virtual time"));
        rules.put(
                "leases know no wall clock",
                noClasses()
                        .that()
                        .resideInAPackage(under("dcs.raft"))
                        .should()
                        .accessTargetWhere(readsTheWallClock())
                        .because("a member whose clock is set must end no lease"));
        rules.put(
                "the shell starts no thread",
                noClasses()
                        .that()
                        .resideInAPackage(under("engine.shell"))
                        .should()
                        .dependOnClassesThat()
                        .belongToAnyOf(Thread.class, Executors.class)
                        .because("the simulator runs the shell on its one thread"));
    }

    private void addShape() {
        rules.put(
                "one caller of ServiceLoader",
                noClasses()
                        .that()
                        .resideOutsideOfPackage(under("engine.plugin"))
                        .should()
                        .dependOnClassesThat()
                        .belongToAnyOf(ServiceLoader.class)
                        .because("a plug-in is loaded in one way: by its own class loader"));
        rules.put(
                "no dumping grounds",
                noClasses()
                        .should()
                        .haveSimpleNameEndingWith("Utils")
                        .orShould()
                        .haveSimpleNameEndingWith("Util")
                        .orShould()
                        .haveSimpleNameEndingWith("Helper")
                        .orShould()
                        .haveSimpleNameEndingWith("Helpers")
                        .because("a shared thing gets a name of the domain"));
        rules.put(
                "no cycles between packages",
                slices().matching(root + ".(**)").should().beFreeOfCycles());
        rules.put(
                "methods have at most " + MethodLength.MOST + " lines",
                methods().should(new MethodLength()).because("a reader holds one screen in mind"));
    }

    private String under(String name) {
        return root + "." + name + "..";
    }

    private static DescribedPredicate<JavaClass> theMachine() {
        return JavaClass.Predicates.belongToAnyOf(
                        System.class,
                        Runtime.class,
                        Thread.class,
                        ThreadLocal.class,
                        Process.class,
                        ProcessBuilder.class,
                        ProcessHandle.class,
                        ServiceLoader.class)
                .as("the machine");
    }

    private static DescribedPredicate<JavaAccess<?>> readsAClockOrSleeps() {
        return DescribedPredicate.<JavaAccess<?>>describe(
                        "reads the monotonic clock or sleeps",
                        access ->
                                isCallOf(access, System.class, "nanoTime")
                                        || isCallOf(access, Thread.class, "sleep"))
                .or(readsTheWallClock())
                .as("reads a clock or sleeps");
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheWallClock() {
        return DescribedPredicate.describe(
                "reads the wall clock",
                access ->
                        isCallOf(access, System.class, "currentTimeMillis")
                                || isCallOf(access, Date.class, "<init>")
                                || access.getTargetOwner().isEquivalentTo(java.time.Clock.class)
                                || access.getTargetOwner().getPackageName().equals("java.time")
                                        && access.getName().equals("now"));
    }

    private static boolean isCallOf(JavaAccess<?> access, Class<?> owner, String name) {
        return access.getTargetOwner().isEquivalentTo(owner) && access.getName().equals(name);
    }

    /** The last word of a rule. */
    @FunctionalInterface
    private interface Reason {
        void because(String reason);
    }
}
