package io.matriarch.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/** The arguments of commands for members of one cluster: its name, then theirs. */
final class MemberChoice {
    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "MEMBERS",
            description = "Names of members.")
    private List<String> names = List.of();

    Optional<String> cluster() {
        return Optional.of(cluster);
    }

    /** Empty for all. */
    List<String> names() {
        return names;
    }
}
