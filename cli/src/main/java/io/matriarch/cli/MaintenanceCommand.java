package io.matriarch.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands share that turn maintenance mode on and off. */
abstract class MaintenanceCommand extends CtlCommand {
    @Mixin private OptionalCluster cluster;

    @Option(names = "--wait", description = "Wait until all members know.")
    private boolean wait;

    final Verdict pause(boolean pause) throws InterruptedException {
        try (CtlSession session = open(cluster.name())) {
            return new PauseFlow(surroundings(), session, pause).run(wait);
        }
    }
}
