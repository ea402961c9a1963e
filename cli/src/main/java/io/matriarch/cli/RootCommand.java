package io.matriarch.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The tool itself: what precedes the command. */
@Command(
        description = "Looks at and steers a cluster.",
        synopsisHeading = "Usage: ",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:success; under the name patronictl also a refused or failed operation",
            "1:an error, a declined confirmation, end of input",
            "2:wrong usage",
            "3:strict: refused or failed",
            "4:strict: result unknown"
        },
        subcommands = {
            EditConfigCommand.class,
            FailoverCommand.class,
            FlushCommand.class,
            HistoryCommand.class,
            ListCommand.class,
            PauseCommand.class,
            ReinitCommand.class,
            ReloadCommand.class,
            RestartCommand.class,
            ResumeCommand.class,
            ShowConfigCommand.class,
            SwitchoverCommand.class,
            TopologyCommand.class,
            VersionCommand.class
        })
final class RootCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin private GlobalOptions options;

    @CommandLine.Option(names = "--help", usageHelp = true, description = "Show this message.")
    private boolean help;

    @Spec private CommandSpec spec;

    RootCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    GlobalOptions options() {
        return options;
    }

    /** No command: the help. */
    @Override
    public Integer call() {
        surroundings.console().line(spec.commandLine().getUsageMessage().stripTrailing());
        return 0;
    }
}
