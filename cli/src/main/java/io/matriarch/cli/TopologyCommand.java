package io.matriarch.cli;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "topology", description = "Show who streams from whom.")
final class TopologyCommand extends CtlCommand {
    @Parameters(arity = "0..*", paramLabel = "CLUSTERS", description = "Names of clusters.")
    private List<String> clusters = List.of();

    @Mixin private Watching watching;

    @Override
    Verdict act() throws InterruptedException {
        Listings listings = new Listings(surroundings(), options(), clusters);
        return watching.repeat(surroundings(), () -> listings.print(Format.TOPOLOGY, false, false));
    }
}
