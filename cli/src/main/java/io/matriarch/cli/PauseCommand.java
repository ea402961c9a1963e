package io.matriarch.cli;

import picocli.CommandLine.Command;

@Command(name = "pause", description = "Stop automatic failover (maintenance mode).")
final class PauseCommand extends MaintenanceCommand {
    @Override
    Verdict act() throws InterruptedException {
        return pause(true);
    }
}
