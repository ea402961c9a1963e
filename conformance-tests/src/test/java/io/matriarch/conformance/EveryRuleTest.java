package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The contract, the kit and the faults that are planted under it name the same rules. */
class EveryRuleTest {
    private static final Pattern RULE = Pattern.compile("(?m)^- \\*\\*([A-Z]\\d+)\\*\\*");

    @Test
    void eachRuleOfTheContractHasATestAndEachTestARule() throws IOException {
        Set<String> tested =
                Arrays.stream(DcsConformance.class.getMethods())
                        .filter(method -> method.isAnnotationPresent(Test.class))
                        .map(method -> method.getName().replaceFirst("_.*", ""))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(tested).isEqualTo(rulesOfTheContract());
    }

    /**
     * A rule that only follows from another fault has none: nothing shows that it can fail alone.
     */
    @Test
    void forEachRuleOfTheContractAFaultIsPlanted() throws IOException {
        Set<String> planted =
                Plants.all()
                        .map(fault -> fault.fault().rule())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(planted).isEqualTo(rulesOfTheContract());
    }

    private static Set<String> rulesOfTheContract() throws IOException {
        // Surefire runs in the folder of the module, beside which the contract's lies.
        String contract = Files.readString(Path.of("..", "spi", "CONTRACT.md"));
        Set<String> rules =
                RULE.matcher(contract)
                        .results()
                        .map(match -> match.group(1))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rules).hasSizeGreaterThan(40);
        return rules;
    }
}
