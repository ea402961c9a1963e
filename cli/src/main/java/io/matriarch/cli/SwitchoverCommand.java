package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "switchover", description = "Hand the leader's role to another member.")
final class SwitchoverCommand extends CtlCommand {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    @Option(
            names = {"--leader", "--primary"},
            paramLabel = "NAME",
            description = "The current leader.")
    private String leader;

    @Option(names = "--candidate", paramLabel = "NAME", description = "The member to take over.")
    private String candidate;

    @Option(names = "--scheduled", paramLabel = "TIME", description = "When (ISO 8601) or now.")
    private String scheduled;

    @Option(names = "--force", description = "Do not ask.")
    private boolean force;

    @Override
    Verdict act() {
        try (CtlSession session = open(Optional.ofNullable(cluster))) {
            return new FailoverFlow(
                            surroundings(),
                            options(),
                            session,
                            new FailoverFlow.Wish(
                                    true,
                                    Optional.ofNullable(leader),
                                    Optional.ofNullable(candidate),
                                    Optional.ofNullable(scheduled),
                                    force))
                    .run();
        }
    }
}
