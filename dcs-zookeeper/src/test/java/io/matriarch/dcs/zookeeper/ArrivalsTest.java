package io.matriarch.dcs.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** With 2000 between two pings, and times that are easy to read. */
class ArrivalsTest {
    private final Arrivals arrivals = new Arrivals(-50, 2000);

    @Test
    void atFirstTheConnectionAloneIsEvidence() {
        assertThat(arrivals.provenByNextWrite()).isEqualTo(-50);
        arrivals.passed(0, 10);
        arrivals.passed(1000, 1010);
        arrivals.passed(2000, 2010);
        assertThat(arrivals.provenByNextWrite()).isEqualTo(-50);
    }

    @Test
    void aBarrierCountsWhenAnotherWasSentAPingAfterItsAnswer() {
        arrivals.passed(0, 10);
        arrivals.passed(2009, 2020);
        assertThat(arrivals.provenByNextWrite()).isEqualTo(-50);
        arrivals.passed(2010, 2021);
        assertThat(arrivals.provenByNextWrite()).isZero();
    }

    @Test
    void theNewestOfThoseThatAreOldEnoughCounts() {
        for (int sent = 0; sent <= 10_000; sent += 500) {
            arrivals.passed(sent, sent + 10);
        }
        assertThat(arrivals.provenByNextWrite()).isEqualTo(7500);
    }

    /**
     * The ensemble's leader is frozen from 3010 to 8000. The follower has heard of the client all
     * the time, but was asked by nobody.
     */
    @Test
    void whatWasSentDuringAFreezeIsNoEvidenceUntilAPingAfterIt() {
        for (int sent = 0; sent <= 3000; sent += 1000) {
            arrivals.passed(sent, sent + 10);
        }
        for (int sent = 4000; sent <= 7000; sent += 1000) {
            arrivals.passed(sent, 8001);
        }
        arrivals.passed(7990, 8002);
        assertThat(arrivals.provenByNextWrite()).isEqualTo(3000);
        arrivals.passed(10_000, 10_010);
        assertThat(arrivals.provenByNextWrite()).isEqualTo(3000);
        arrivals.passed(10_002, 10_012);
        assertThat(arrivals.provenByNextWrite()).isEqualTo(7990);
    }

    /** As {@link System#nanoTime} may. */
    @Test
    void theClockMayPassItsGreatestNumber() {
        Arrivals wrapping = new Arrivals(Long.MAX_VALUE - 100, 2000);
        wrapping.passed(Long.MAX_VALUE - 50, Long.MAX_VALUE - 40);
        wrapping.passed(Long.MAX_VALUE + 1000, Long.MAX_VALUE + 1010);
        assertThat(wrapping.provenByNextWrite()).isEqualTo(Long.MAX_VALUE - 100);
        wrapping.passed(Long.MAX_VALUE + 2000, Long.MAX_VALUE + 2010);
        assertThat(wrapping.provenByNextWrite()).isEqualTo(Long.MAX_VALUE - 50);
    }
}
