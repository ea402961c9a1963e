package io.matriarch.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ConformanceReplayTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--config f.yml",
                "--config f.yml --namespace /mine",
                "--config f.yml --ttl 9",
                "--config f.yml --namespace /mine --ttl 9"
            })
    void whatDecidesWhereAndHowFastIsGivenAgain(String arguments) {
        Conformance command = new Conformance();
        new CommandLine(command).parseArgs(arguments.split(" "));
        assertThat(command.replay()).isEqualTo("matriarch conformance " + arguments);
    }

    @Test
    void rulesAndSeedAreTheKitsToTell() {
        Conformance command = new Conformance();
        new CommandLine(command)
                .parseArgs("--config=f.yml", "--seed=7", "--histories=2", "--rules=L1");
        assertThat(command.replay()).isEqualTo("matriarch conformance --config f.yml");
    }
}
