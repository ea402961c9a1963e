package io.matriarch.cli;

import java.util.Optional;
import picocli.CommandLine.Command;

@Command(name = "failover", description = "Make a chosen member the leader.")
final class FailoverCommand extends NewLeaderCommand {
    @Override
    Verdict act() {
        return run(false, Optional.empty(), Optional.empty());
    }
}
