package io.matriarch.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Ticker ticker = now::get;

    @Test
    void itPassesAlsoWhenTheClockOverflows() {
        Deadline deadline = Deadline.after(ticker, Duration.ofNanos(10));
        assertThat(deadline.passed()).isFalse();
        assertThat(deadline.remainingNanos()).isEqualTo(10);

        now.addAndGet(10);
        assertThat(deadline.passed()).isTrue();
        now.addAndGet(10);
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.remainingNanos()).isEqualTo(-10);
    }

    @Test
    void aShorterBudgetNeverExtendsIt() {
        Deadline deadline = Deadline.after(ticker, Duration.ofNanos(10));
        assertThat(deadline.atMost(Duration.ofNanos(3)).remainingNanos()).isEqualTo(3);
        assertThat(deadline.atMost(Duration.ofSeconds(3))).isSameAs(deadline);
    }
}
