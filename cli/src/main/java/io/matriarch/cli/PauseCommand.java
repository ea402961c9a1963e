package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "pause", description = "Stop automatic failover (maintenance mode).")
final class PauseCommand extends CtlCommand {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    @Option(names = "--wait", description = "Wait until all members know.")
    private boolean wait;

    @Override
    Verdict act() throws InterruptedException {
        try (CtlSession session = open(Optional.ofNullable(cluster))) {
            return new PauseFlow(surroundings(), session, true).run(wait);
        }
    }
}
