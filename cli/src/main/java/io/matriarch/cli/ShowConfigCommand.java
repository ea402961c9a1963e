package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show-config", description = "Show the dynamic configuration.")
final class ShowConfigCommand extends CtlCommand {
    @Parameters(arity = "0..1", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    @Override
    Verdict act() {
        try (CtlSession session = open(Optional.ofNullable(cluster))) {
            session.picture()
                    .view()
                    .config()
                    .ifPresent(config -> console().line(YamlText.block(config)));
            return Verdict.DONE;
        }
    }
}
