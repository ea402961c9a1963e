package io.matriarch.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.benchmark.measuring.Figures;
import io.matriarch.lab.LabPlan.Product;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {
    private final List<Round> rounds = new ArrayList<>();

    private void outages(Product product, Fault fault, long... millis) {
        for (long outage : millis) {
            rounds.add(
                    new Round(
                            product,
                            fault,
                            "node1",
                            "node2",
                            outage * 1_000_000,
                            0,
                            5_000_000_000L,
                            0));
        }
    }

    private Results results() {
        return new Results(Map.of("cores", "2"), List.of(), rounds);
    }

    private List<String> notMet() {
        return results().marks().stream()
                .filter(mark -> !mark.met())
                .map(Results.Mark::text)
                .toList();
    }

    @Test
    void theMedianOfAnEvenCountLiesBetweenTheMiddleTwo() {
        assertThat(Figures.of(new double[] {9, 1, 3, 4})).isEqualTo(new Figures(4, 3.5, 1, 9));
        assertThat(Figures.of(new double[] {9, 1, 3}).median()).isEqualTo(3);
    }

    @Test
    void marksAreMetByTheMedian() {
        outages(Product.MATRIARCH, Fault.SWITCHOVER, 700, 800, 4000);
        outages(Product.PEER, Fault.SWITCHOVER, 1000);
        outages(Product.MATRIARCH, Fault.POSTMASTER_KILLED, 1000);

        assertThat(notMet()).isEmpty();
        assertThat(results().ratio(Fault.SWITCHOVER)).hasValue(0.8);
        assertThat(results().ratio(Fault.POSTMASTER_KILLED)).isEmpty();
    }

    @Test
    void aMarkThatIsMissedIsTold() {
        outages(Product.MATRIARCH, Fault.SWITCHOVER, 801);
        outages(Product.MATRIARCH, Fault.NODE_LOST, 31_000);
        outages(Product.PEER, Fault.NODE_LOST, 30_000);

        assertThat(notMet())
                .containsExactly(
                        "switchover to a candidate: median 801 ms, at most 800 ms",
                        "node lost: 1.03 of the peer's, below 1");
        assertThat(ResultsText.of(results())).contains("NOT MET: switchover");
    }

    @Test
    void twoPrimariesAreNeverPassedOver() {
        rounds.add(new Round(Product.MATRIARCH, Fault.SWITCHOVER, "node1", "node2", 1, 2, 3, 0));

        assertThat(notMet()).singleElement().asString().contains("took writes: 1");
    }

    @Test
    void settingsThatDifferAreNamed() {
        assertThat(
                        ServerSettings.differences(
                                Map.of("a", "1", "b", "2"), Map.of("a", "1", "b", "3", "c", "4")))
                .containsExactly("b: '2', of the peer '3'", "c: '-', of the peer '4'");
    }
}
