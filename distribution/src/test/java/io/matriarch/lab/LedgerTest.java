package io.matriarch.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private final Ledger ledger = new Ledger();

    private void row(String member, boolean outside, long sent, long answered) {
        ledger.acknowledged(new Ledger.Row(ledger.nextId(), member, outside, sent, answered));
    }

    @Test
    void theOutageIsTheLongestGapAfterTheFault() {
        row("a", true, 0, 10);
        row("a", true, 80, 100); // the last before the fault
        row("b", true, 400, 450);
        row("b", true, 460, 470);
        row("b", true, 5000, 5010); // healed long before
        assertThat(ledger.outageNanos(120, 1000)).isEqualTo(350);
    }

    @Test
    void rowsWrittenBesideACutOffMemberDoNotShortenTheOutage() {
        row("a", true, 0, 100);
        row("a", false, 200, 210);
        row("b", true, 900, 1000);
        assertThat(ledger.outageNanos(150, 2000)).isEqualTo(900);
    }

    @Test
    void aChangeOfThePrimaryIsNoOverlap() {
        row("a", true, 0, 10);
        row("a", true, 100, 300); // sent before b took writes, answered late
        row("b", true, 150, 200);
        row("b", true, 400, 410);
        assertThat(ledger.overlapNanos(0, 1000)).isZero();
    }

    @Test
    void aRowTakenByTheFormerPrimaryAfterTheLaterOneIsAnOverlap() {
        row("a", true, 0, 10);
        row("b", true, 150, 200);
        row("a", false, 250, 300);
        assertThat(ledger.overlapNanos(0, 1000)).isEqualTo(100);
        assertThat(ledger.overlapNanos(0, 220)).isZero();
    }

    @Test
    void lostRowsAreCountedByWhoWroteThem() {
        row("a", true, 0, 10);
        row("a", true, 20, 30);
        row("a", false, 40, 50);
        assertThat(ledger.lost(true, Set.of(1L))).isEqualTo(1);
        assertThat(ledger.lost(false, Set.of(1L))).isEqualTo(1);
        assertThat(ledger.lost(true, Set.of(1L, 2L, 3L))).isZero();
        assertThat(ledger.size(true)).isEqualTo(2);
    }
}
