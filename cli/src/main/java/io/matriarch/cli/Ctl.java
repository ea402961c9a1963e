package io.matriarch.cli;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.spi.DcsException;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program. */
public final class Ctl {
    private static final int ERROR = 1;
    private static final int USAGE = 2;

    private Ctl() {}

    /**
     * Runs one command of the tool and ends the process with its exit code. The launcher sets two
     * system properties: {@code matriarch.ctl.name}, the name that it was called by, and {@code
     * matriarch.home}, where the distribution is.
     */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        Console console =
                new Console(
                        System.in,
                        unicode(FileDescriptor.out),
                        unicode(FileDescriptor.err),
                        System.console() != null);
        Surroundings surroundings =
                new Surroundings(
                        System.getProperty("matriarch.ctl.name", Surroundings.OWN_NAME),
                        console,
                        environment,
                        Clock.systemDefaultZone(),
                        new ConfiguredSessions(
                                environment,
                                console,
                                Optional.ofNullable(System.getProperty("matriarch.home"))
                                        .map(Path::of)),
                        Ctl::nap);
        System.exit(run(surroundings, arguments));
    }

    /** Member names and tags are UTF-8, whatever the terminal's locale says. */
    private static PrintStream unicode(FileDescriptor descriptor) {
        return new PrintStream(
                new BufferedOutputStream(new FileOutputStream(descriptor)),
                true,
                StandardCharsets.UTF_8);
    }

    /** Nothing is there to be awaited: the listing is repeated at the operator's interval. */
    private static void nap(Duration duration) throws InterruptedException {
        if (new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("a latch that nobody counts down was counted down");
        }
    }

    /**
     * Runs one command in the given surroundings.
     *
     * @return the exit code
     */
    static int run(Surroundings surroundings, String... arguments) {
        RootCommand root = new RootCommand(surroundings);
        return new CommandLine(root)
                .setCommandName(surroundings.name())
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(false)
                .setOut(surroundings.console().writer())
                .setParameterExceptionHandler(
                        (wrong, words) -> usageError(surroundings.console(), wrong))
                .setExecutionExceptionHandler(
                        (thrown, command, parsed) -> failed(root, surroundings.console(), thrown))
                .execute(arguments);
    }

    private static int usageError(Console console, ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        CommandLine.Help help = command.getHelp();
        console.errorLine("Usage: " + help.synopsis(0).strip());
        console.errorLine(
                "Try '" + command.getCommandSpec().qualifiedName() + " --help' for help.");
        console.errorLine("");
        console.errorLine("Error: " + reason(wrong));
        return USAGE;
    }

    private static String reason(ParameterException wrong) {
        if (wrong instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            if (unmatched.isUnknownOption()) {
                return "No such option: " + word;
            }
            return wrong.getCommandLine().getSubcommands().isEmpty()
                    ? "Got unexpected extra argument (" + word + ")"
                    : "No such command '" + word + "'.";
        }
        if (wrong instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()
                && missing.getMissing().get(0).isPositional()) {
            return "Missing argument '" + missing.getMissing().get(0).paramLabel() + "'.";
        }
        return wrong.getMessage();
    }

    private static int failed(RootCommand root, Console console, Exception thrown) {
        if (thrown instanceof Aborted) {
            console.errorLine(thrown.getMessage());
            return ERROR;
        }
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            console.errorLine("Aborted!");
            return ERROR;
        }
        console.errorLine("Error: " + sentence(thrown));
        if (root.options().debug()) {
            console.trace(thrown);
        }
        return ERROR;
    }

    private static String sentence(Exception thrown) {
        if (thrown instanceof CtlError || thrown instanceof ConfigException) {
            return thrown.getMessage();
        }
        if (thrown instanceof DcsException.OutcomeUnknown) {
            return "The store did not answer, so the change may or may not be there: "
                    + thrown.getMessage();
        }
        if (thrown instanceof DcsException.NotApplied) {
            return "The store gave no answer: "
                    + thrown.getMessage()
                    + "; check that it runs and that its address in the configuration is right";
        }
        if (thrown instanceof DcsException) {
            return thrown.getMessage();
        }
        return "Unexpected " + thrown + "; --debug shows the trace";
    }
}
