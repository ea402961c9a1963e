package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.conformance.history.Action;
import io.matriarch.conformance.history.Campaign;
import io.matriarch.conformance.history.HistoryCheck;
import io.matriarch.conformance.history.Reply;
import io.matriarch.conformance.property.RandomPlans;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Histories in virtual time: the reference store passes all, and each planted fault is caught. */
@Tag("slow")
class HistoriesTest {
    private static final Set<Action> FAULTS =
            Arrays.stream(Action.values())
                    .filter(action -> action.target() != Action.Target.CLIENT)
                    .collect(Collectors.toSet());

    private static Campaign.Result run(
            HistoryFault fault, long seed, int count, Duration shrinking) {
        try (RandomPlans plans = new RandomPlans(FAULTS)) {
            return Campaign.run(
                    new Campaign.Size(seed, count, 4, shrinking),
                    plans,
                    () -> new VirtualWorld(1, fault));
        }
    }

    @Test
    void theReferenceStorePassesThousands() {
        Campaign.Result result = run(HistoryFault.NONE, 1, 3000, Duration.ofSeconds(20));
        assertThat(result.failures().values()).isEmpty();
        assertThat(result.calls()).doesNotContainKey(Reply.Result.BROKEN);
        for (Reply.Result ending : EnumSet.complementOf(EnumSet.of(Reply.Result.BROKEN))) {
            assertThat(result.calls().get(ending)).as("calls %s", ending).isGreaterThan(1000);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachPlantedFaultFailsItsChecksAlone(HistoryFault fault) {
        Set<HistoryCheck> failed = EnumSet.noneOf(HistoryCheck.class);
        for (long seed = 1; seed <= 1001 && !failed.containsAll(fault.broken()); seed += 100) {
            failed.addAll(run(fault, seed, 100, Duration.ZERO).failures().keySet());
        }
        assertThat(failed).isEqualTo(fault.broken());
    }

    @Test
    void everyCheckHasAPlantedFault() {
        Set<HistoryCheck> planted =
                Arrays.stream(HistoryFault.values())
                        .flatMap(fault -> fault.broken().stream())
                        .collect(Collectors.toSet());
        assertThat(planted).containsExactlyInAnyOrder(HistoryCheck.values());
    }

    /** The same seed and plan give the same failure, and a smaller plan shows it. */
    @Test
    void aFailureIsShrunkAndRepeats() {
        var first = run(HistoryFault.LOST_UPDATE, 1, 40, Duration.ofSeconds(10)).failures();
        var second = run(HistoryFault.LOST_UPDATE, 1, 40, Duration.ofSeconds(10)).failures();
        assertThat(first).containsKey(HistoryCheck.LINEARIZABLE);
        var failure = first.get(HistoryCheck.LINEARIZABLE);
        assertThat(failure.steps()).hasSizeLessThanOrEqualTo(8);
        assertThat(failure.original()).isGreaterThanOrEqualTo(30);
        assertThat(second.get(HistoryCheck.LINEARIZABLE).steps()).isEqualTo(failure.steps());
        assertThat(second.get(HistoryCheck.LINEARIZABLE).excerpt()).isEqualTo(failure.excerpt());
    }
}
