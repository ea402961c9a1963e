package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "failover", description = "Make a chosen member the leader.")
final class FailoverCommand extends CtlCommand {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    @Option(names = "--candidate", paramLabel = "NAME", description = "The member to take over.")
    private String candidate;

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
                                    false,
                                    Optional.empty(),
                                    Optional.ofNullable(candidate),
                                    Optional.empty(),
                                    force))
                    .run();
        }
    }
}
