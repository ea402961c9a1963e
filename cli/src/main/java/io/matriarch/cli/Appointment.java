package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that puts an operation off. */
final class Appointment {
    @Option(names = "--scheduled", paramLabel = "TIME", description = "When (ISO 8601) or now.")
    private String scheduled;

    /** As the operator typed it. */
    Optional<String> text() {
        return Optional.ofNullable(scheduled);
    }
}
