package io.matriarch.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** What all commands share: the way to a cluster, and the exit code of a verdict. */
@Command(synopsisHeading = "Usage: ")
abstract class CtlCommand implements Callable<Integer> {
    @ParentCommand private RootCommand root;

    @Option(names = "--help", usageHelp = true, description = "Show this message.")
    private boolean help;

    abstract Verdict act() throws InterruptedException;

    @Override
    public final Integer call() throws InterruptedException {
        return act().exitCode(root.options().strictExit(surroundings()));
    }

    final Surroundings surroundings() {
        return root.surroundings();
    }

    final Console console() {
        return surroundings().console();
    }

    final GlobalOptions options() {
        return root.options();
    }

    final CtlSession open(Optional<String> cluster) {
        return surroundings().sessions().open(options(), cluster);
    }
}
