package io.matriarch.cli;

import picocli.CommandLine.Command;

@Command(name = "resume", description = "Go back to automatic failover.")
final class ResumeCommand extends MaintenanceCommand {
    @Override
    Verdict act() throws InterruptedException {
        return pause(false);
    }
}
