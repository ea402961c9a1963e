package io.matriarch.daemon;

import io.matriarch.daemon.logging.Logs;
import io.matriarch.daemon.wiring.LocalFile;
import io.matriarch.daemon.wiring.MemberProcess;
import io.matriarch.daemon.wiring.Signals;
import io.matriarch.daemon.wiring.StartFailure;
import io.matriarch.daemon.wiring.WitnessProcess;
import io.matriarch.engine.codec.Product;
import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.spi.DcsException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The daemon's command line. Exit codes: 0 ended in good order, 1 cannot start or go on, 2 wrong
 * use of the command line.
 */
@Command(
        name = "matriarch",
        description = "Runs one member of a PostgreSQL cluster.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class,
        subcommands = {Main.Run.class, Main.Witness.class, Conformance.class})
public final class Main implements Callable<Integer> {
    @CommandLine.Mixin private Arguments arguments;

    /** What both forms of the command take. */
    static final class Arguments {
        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "YAML file, or directory of them; the environment alone if missing")
        private Optional<Path> file = Optional.empty();

        @Option(names = "--strict", description = "Unknown configuration keys are errors.")
        private boolean strict;

        @Option(
                names = "--validate-config",
                description = "Check the configuration, print what is wrong with it, and end.")
        private boolean validate;

        @Option(
                names = {"-i", "--ignore-listen-port"},
                description = "Accepted for compatibility: no port is tried when validating.")
        private boolean ignoreListenPort;
    }

    /** {@code matriarch run FILE}. */
    @Command(
            name = "run",
            description = "Runs one member until it is told to end.",
            mixinStandardHelpOptions = true,
            versionProvider = Main.Versions.class)
    static final class Run implements Callable<Integer> {
        @CommandLine.Mixin private Arguments arguments;

        @Override
        public Integer call() {
            return new Main().start(arguments);
        }
    }

    /** {@code matriarch witness FILE}. */
    @Command(
            name = "witness",
            description =
                    "Runs a member of the embedded store without PostgreSQL, until it is told to"
                            + " end.",
            mixinStandardHelpOptions = true,
            versionProvider = Main.Versions.class)
    static final class Witness implements Callable<Integer> {
        @Parameters(
                arity = "0..1",
                paramLabel = "FILE",
                description = "YAML file with a section raft; the environment alone if missing")
        private Optional<Path> file = Optional.empty();

        @Override
        public Integer call() {
            return guarded(() -> Main.witness(file));
        }
    }

    /** Both versions that matter. */
    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "matriarch "
                        + Product.version()
                        + " (compatible with version "
                        + Product.PEER_VERSION
                        + " of the peer)"
            };
        }
    }

    /** Ends the Java machine with the exit code. */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Main()).execute(arguments);
        System.exit(code);
    }

    @Override
    public Integer call() {
        return start(arguments);
    }

    private int start(Arguments given) {
        return guarded(() -> member(given));
    }

    /** Something that runs until the process ends. */
    private interface Running {
        int run() throws StartFailure;
    }

    private static int member(Arguments given) throws StartFailure {
        // Never closed: threads of a store's library may still load classes while they end.
        DcsProviders providers = DcsProviders.find(home());
        LocalFile local =
                new LocalFile(given.file, System.getenv(), given.strict, providers.plugIns());
        providers.provider(local.config().dcs().name());
        if (given.validate) {
            local.warnings().forEach(warning -> System.err.println("warning: " + warning));
            return 0;
        }
        refuseRoot();
        return run(local, providers);
    }

    private static int witness(Optional<Path> file) throws StartFailure {
        WitnessProcess process =
                new WitnessProcess(file, System.getenv(), DcsProviders.find(home()));
        Logs.apply(process.log());
        handleEnd(process::stop);
        return process.run();
    }

    private static int guarded(Running running) {
        Logs.early();
        try {
            return running.run();
        } catch (ConfigException | DcsException.Misconfigured | StartFailure e) {
            LoggerFactory.getLogger(Main.class).debug("the daemon cannot go on", e);
            return sentence(e.getMessage(), System.err);
        }
    }

    private static int run(LocalFile local, DcsProviders providers) throws StartFailure {
        Logs.apply(local.config().log());
        local.warnings().forEach(LoggerFactory.getLogger(Main.class)::warn);
        MemberProcess process = new MemberProcess(local, providers);
        handleEnd(process::stop);
        Signals.handle("HUP", process::reload);
        return process.run();
    }

    private static void handleEnd(Runnable stop) throws StartFailure {
        if (!(Signals.handle("TERM", stop) & Signals.handle("INT", stop))) {
            throw new StartFailure(
                    "this Java runtime cannot handle signals; use one with the module"
                            + " jdk.unsupported");
        }
    }

    /** One line: what a store's library adds may be several. */
    static int sentence(String message, PrintStream to) {
        to.println("matriarch: " + message.strip().replaceAll("\\s*\\R\\s*", " "));
        return 1;
    }

    /** The distribution keeps its stores beside its libraries. */
    static Optional<Path> home() {
        return Optional.ofNullable(System.getProperty("matriarch.home")).map(Path::of);
    }

    private static void refuseRoot() throws StartFailure {
        try {
            Object user = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            if (Integer.valueOf(0).equals(user)) {
                throw new StartFailure(
                        "it must not run as root, because PostgreSQL refuses to; run it as the"
                                + " user that owns the data directory");
            }
        } catch (IOException e) {
            throw new StartFailure("the own user cannot be found out: " + e.getMessage(), e);
        }
    }
}
