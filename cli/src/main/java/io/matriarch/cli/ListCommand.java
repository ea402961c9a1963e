package io.matriarch.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "list", description = "List the members of clusters.")
final class ListCommand extends CtlCommand {
    @Parameters(arity = "0..*", paramLabel = "CLUSTERS", description = "Names of clusters.")
    private List<String> clusters = List.of();

    @Option(
            names = {"-e", "--extended"},
            description = "Show all columns.")
    private boolean extended;

    @Option(
            names = {"-t", "--timestamp"},
            description = "Print the time first.")
    private boolean timestamp;

    @Mixin private OutputFormat format;
    @Mixin private Watching watching;

    @Override
    Verdict act() throws InterruptedException {
        Listings listings = new Listings(surroundings(), options(), clusters);
        return watching.repeat(
                surroundings(), () -> listings.print(format.format(), extended, timestamp));
    }
}
