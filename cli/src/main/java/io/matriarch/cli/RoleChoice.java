package io.matriarch.cli;

import picocli.CommandLine.Option;

/** The option that narrows the members of a command to a role. */
final class RoleChoice {
    @Option(
            names = {"-r", "--role"},
            paramLabel = RoleFilter.WORDS,
            converter = RoleFilter.Word.class,
            description = "Only members of this role.")
    private RoleFilter role = RoleFilter.ANY;

    RoleFilter role() {
        return role;
    }
}
