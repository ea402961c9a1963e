package io.matriarch.cli;

import picocli.CommandLine.Option;

/** The option that answers all questions beforehand. */
final class Force {
    @Option(names = "--force", description = "Do not ask.")
    private boolean force;

    boolean given() {
        return force;
    }
}
