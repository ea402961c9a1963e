package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import java.time.Duration;

/** When a lease ends, as another member finds out by trying to take it. */
final class Leases {
    private Leases() {}

    /** How long after the last renewal a lease may live at most (L13). */
    static Duration bound(Client client, Bench bench) {
        return client.dcs().traits().effectiveTtl().plus(bench.timing().slack());
    }

    static Lease of(Ending ending) {
        Outcome.Applied<?> applied = (Outcome.Applied<?>) ending.answer().orElseThrow();
        return (Lease) applied.value();
    }

    /** Tries to take the lease all the time, and fails if that succeeds before the instant. */
    static void assertHeldUntil(long instant, Client rival) {
        while (System.nanoTime() - instant < 0) {
            Outcome<Lease> outcome = rival.acquire();
            long returned = System.nanoTime();
            // Only a call that returned before the instant surely took effect before it.
            if (outcome.isApplied() && returned - instant < 0) {
                fail(
                        "%s took the lease %d ms before it was to end",
                        rival.name(), Duration.ofNanos(instant - returned).toMillis());
            }
            if (outcome.isApplied()) {
                return;
            }
            RealTime.pass(Duration.ofMillis(10));
        }
    }

    /** Waits until the rival has the lease, and returns when its successful call returned. */
    static long takenBy(Client rival, Duration patience) {
        boolean taken = RealTime.await(patience, () -> rival.acquire().isApplied());
        long returned = System.nanoTime();
        assertThat(taken).as("%s takes the lease within %s", rival.name(), patience).isTrue();
        return returned;
    }
}
