package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "resume", description = "Go back to automatic failover.")
final class ResumeCommand extends CtlCommand {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    @Option(names = "--wait", description = "Wait until all members know.")
    private boolean wait;

    @Override
    Verdict act() throws InterruptedException {
        try (CtlSession session = open(Optional.ofNullable(cluster))) {
            return new PauseFlow(surroundings(), session, false).run(wait);
        }
    }
}
