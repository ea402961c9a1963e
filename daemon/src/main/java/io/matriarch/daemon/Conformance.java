package io.matriarch.daemon;

import io.matriarch.daemon.logging.Logs;
import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.ConfigLoader;
import io.matriarch.engine.config.LocalConfig.LogConfig;
import io.matriarch.engine.plugin.ConformanceKit;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code matriarch conformance}: holds a live store to the contract, in a random namespace of it.
 * Exit codes: 0 no rule failed, 1 nothing was tested, 2 wrong use of the command line, 3 a rule
 * failed.
 */
@Command(
        name = "conformance",
        description =
                "Tests a store against the rules of the contract, in a random namespace that is removed"
                        + " at the end. Takes some minutes.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class Conformance implements Callable<Integer> {
    private static final int NOTHING_TESTED = 1;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "YAML file with the section of the store, a member's or the tool's")
    private Path file;

    @Option(
            names = "--namespace",
            paramLabel = "PATH",
            description = "The folder of the random namespaces (default: /conformance)")
    private Optional<String> namespace = Optional.empty();

    @Option(
            names = "--ttl",
            paramLabel = "SECONDS",
            description = "The ttl of leases (default: 3, or the shortest that the store grants)")
    private Optional<Integer> ttl = Optional.empty();

    @Option(
            names = "--rules",
            paramLabel = "ID,...",
            description = "Only these rules, for example L1,L2 (default: all)")
    private Optional<String> rules = Optional.empty();

    @Option(
            names = "--histories",
            paramLabel = "N",
            description = "How many random histories are played (default: 12)")
    private Optional<Integer> histories = Optional.empty();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "The seed of the first history (default: random)")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--reports",
            paramLabel = "FOLDER",
            defaultValue = "conformance-reports",
            description = "Where NAME.md and NAME.json are written (default: ${DEFAULT-VALUE})")
    private Path reports;

    @Override
    public Integer call() {
        Logs.early();
        try {
            refuseBelowOne("--ttl", ttl);
            refuseBelowOne("--histories", histories);
            // Never closed: threads of a store's library may still load classes while they end.
            DcsProviders providers = DcsProviders.find(Main.home());
            Section section = section(providers);
            Path home =
                    Main.home()
                            .orElseThrow(
                                    () ->
                                            new ConfigException(
                                                    "the kit is part of a distribution; start it"
                                                            + " by bin/matriarch of one"));
            ConformanceKit kit = ConformanceKit.in(home);
            hushed();
            set("conformance.histories", histories);
            set("conformance.seed", seed);
            set("conformance.reports", Optional.of(reports));
            int code = kit.run(providers, section, options(), System.out);
            if (code != NOTHING_TESTED) {
                String name = providers.provider(section.name()).name();
                System.out.println("report: " + reports.resolve(name + ".md"));
            }
            return code;
        } catch (ConfigException | DcsException.Misconfigured e) {
            return Main.sentence(e.getMessage(), System.err);
        }
    }

    private static void refuseBelowOne(String option, Optional<Integer> value) {
        if (value.filter(given -> given < 1).isPresent()) {
            throw new ConfigException(option + " must be 1 or more");
        }
    }

    /** The scope is the kit's own. */
    private Section section(DcsProviders providers) {
        return ConfigLoader.loadForCtl(
                        Optional.of(file),
                        System.getenv(),
                        Optional.of("conformance"),
                        Optional.empty(),
                        Optional.empty(),
                        providers.plugIns())
                .config()
                .dcs();
    }

    private Map<String, String> options() {
        Map<String, String> options = new HashMap<>();
        options.put("namespace", namespace.orElse("/conformance"));
        options.put("replay", replay());
        rules.ifPresent(ids -> options.put("rules", ids));
        ttl.ifPresent(seconds -> options.put("ttl", seconds.toString()));
        return options;
    }

    /** The command that a failure tells, without rules and seed: the kit knows these. */
    String replay() {
        // A token may have rights below one folder only, and a history's times follow the ttl.
        return "matriarch conformance --config "
                + file
                + namespace.map(path -> " --namespace " + path).orElse("")
                + ttl.map(seconds -> " --ttl " + seconds).orElse("");
    }

    /** What a backend says of faults that the kit has made is no news. */
    private static void hushed() {
        Logs.apply(new LogConfig("ERROR", Map.of(), Optional.empty(), 0, 0, false));
    }

    private static void set(String property, Optional<?> value) {
        value.ifPresent(given -> System.setProperty(property, given.toString()));
    }
}
