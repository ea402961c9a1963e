package io.matriarch.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "show-config", description = "Show the dynamic configuration.")
final class ShowConfigCommand extends CtlCommand {
    @Mixin private OptionalCluster cluster;

    @Override
    Verdict act() {
        try (CtlSession session = open(cluster.name())) {
            session.picture()
                    .view()
                    .config()
                    .ifPresent(config -> console().line(YamlText.block(config)));
            return Verdict.DONE;
        }
    }
}
