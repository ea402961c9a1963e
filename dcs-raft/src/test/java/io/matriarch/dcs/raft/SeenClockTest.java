package io.matriarch.dcs.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeenClockTest {
    private final AtomicLong now = new AtomicLong(1000);
    private final SeenClock clock = new SeenClock(now::incrementAndGet, 500);

    private void seen(long expected) {
        assertThat(clock.last().clock()).isEqualTo(expected);
    }

    @Test
    void atFirstNothingIsFresh() {
        assertThat(clock.last()).isEqualTo(new SeenClock.Sight(0, 501));
    }

    @Test
    void whatALaggingMemberSaysIsIgnored() {
        clock.heard(70);
        long at = clock.last().at();
        clock.heard(69);
        assertThat(clock.last()).isEqualTo(new SeenClock.Sight(70, at));
        clock.heard(71);
        seen(71);
    }

    @Test
    void aReadThatWasSentBeforeTheRestWasSeenIsIgnored() {
        long sent = now.incrementAndGet();
        clock.heard(70);
        clock.read(60, sent);
        clock.read(60, clock.last().at());
        seen(70);
        assertThat(clock.stores()).isZero();
    }

    @Test
    void aReadThatWasSentAfterTheRestWasSeenProvesAnotherStore() {
        clock.heard(70);
        clock.read(5, now.incrementAndGet());
        seen(5);
        assertThat(clock.stores()).isEqualTo(1);
        clock.heard(6);
        clock.read(7, now.incrementAndGet());
        seen(7);
        assertThat(clock.stores()).isEqualTo(1);
    }
}
