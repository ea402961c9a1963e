package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the commands share that make another member the leader. */
abstract class NewLeaderCommand extends CtlCommand {
    @Mixin private OptionalCluster cluster;
    @Mixin private Force force;

    @Option(names = "--candidate", paramLabel = "NAME", description = "The member to take over.")
    private String candidate;

    final Verdict run(boolean switchover, Optional<String> leader, Optional<String> scheduled) {
        FailoverFlow.Wish wish =
                new FailoverFlow.Wish(
                        switchover,
                        leader,
                        Optional.ofNullable(candidate),
                        scheduled,
                        force.given());
        try (CtlSession session = open(cluster.name())) {
            return new FailoverFlow(surroundings(), options(), session, wish).run();
        }
    }
}
