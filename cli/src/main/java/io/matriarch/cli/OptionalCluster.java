package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Parameters;

/** The argument of commands that can do with the cluster which the configuration names. */
final class OptionalCluster {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    Optional<String> name() {
        return Optional.ofNullable(cluster);
    }
}
