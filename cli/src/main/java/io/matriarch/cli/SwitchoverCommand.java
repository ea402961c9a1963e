package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "switchover", description = "Hand the leader's role to another member.")
final class SwitchoverCommand extends NewLeaderCommand {
    @Option(
            names = {"--leader", "--primary"},
            paramLabel = "NAME",
            description = "The current leader.")
    private String leader;

    @Mixin private Appointment appointment;

    @Override
    Verdict act() {
        return run(true, Optional.ofNullable(leader), appointment.text());
    }
}
