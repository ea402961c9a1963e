package io.matriarch.conformance.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The store in virtual time, as the engine's simulation drives it. */
class MemoryStoreTest {
    private static final Scope SCOPE = new Scope("service", "batman");
    private static final long SECOND = 1_000_000_000L;

    // Close to the largest value, because System.nanoTime may be anywhere and overflow.
    private long now = Long.MAX_VALUE - 5 * SECOND;
    private final MemoryStore store = new MemoryStore(() -> now);

    private Dcs open(String member, Ticker ticker, DcsListener listener) {
        DcsSettings settings =
                new DcsSettings(
                        Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(3));
        Section section = new Section("memory", Map.of());
        return new MemoryDcsProvider(store)
                .open(
                        new DcsConfig(SCOPE, Optional.of(member), section, settings, ticker),
                        listener);
    }

    private Deadline soon() {
        return Deadline.after(() -> now, Duration.ofSeconds(1));
    }

    private Snapshot unseen() {
        return Snapshot.empty(now);
    }

    @Test
    void aLeaseEndsWhenTheStoresClockReachesIt() {
        List<Set<EntryKind>> hints = new ArrayList<>();
        try (Dcs a = open("a", () -> now, hint -> {});
                Dcs b = open("b", () -> now, hints::add)) {
            Lease lease = a.acquire(unseen(), soon()).applied().orElseThrow();
            assertThat(hints).containsExactly(Set.of(EntryKind.LEADER));
            assertThat(store.nextExpiry()).isEqualTo(OptionalLong.of(lease.validUntil()));
            now = lease.validUntil() - 1;
            store.expire();
            assertThat(store.holder(SCOPE)).contains("a");
            now++;
            store.expire();
            assertThat(hints).hasSize(2);
            assertThat(store.nextExpiry()).isEmpty();
            assertThat(b.acquire(unseen(), soon()).isApplied()).isTrue();
        }
    }

    @Test
    void validityCountsFromTheClientsTimeOfSending() {
        long sent = now;
        try (Dcs a = open("a", () -> sent, hint -> {})) {
            now += 2 * SECOND;
            Lease lease = a.acquire(unseen(), soon()).applied().orElseThrow();
            assertThat(lease.validUntil()).isEqualTo(sent + 10 * SECOND);
            assertThat(store.nextExpiry()).isEqualTo(OptionalLong.of(now + 10 * SECOND));
        }
    }

    @Test
    void aLoweredTtlDoesNotShortenWhatWasPromised() {
        try (Dcs a = open("a", () -> now, hint -> {})) {
            Lease promised = a.acquire(unseen(), soon()).applied().orElseThrow();
            a.reconfigure(
                    new DcsSettings(
                            Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofSeconds(1)));
            now += SECOND;
            Lease renewed = a.renew(unseen(), LeaderUpdate.NONE, soon()).applied().orElseThrow();
            assertThat(renewed.validUntil()).isEqualTo(now + 2 * SECOND);
            assertThat(store.nextExpiry()).isEqualTo(OptionalLong.of(promised.validUntil()));
        }
    }

    @Test
    void aRefusingGateIsNoAnswerAndItsOpeningIsAHint() {
        List<Set<EntryKind>> hints = new ArrayList<>();
        try (Dcs a = open("a", () -> now, hints::add)) {
            store.setAllGates(MemoryGate.State.REFUSING);
            assertThatThrownBy(() -> a.read(SCOPE, soon()))
                    .isInstanceOf(DcsException.NotApplied.class);
            store.setAllGates(MemoryGate.State.OPEN);
            assertThat(hints).containsExactly(Set.of());
            assertThat(a.read(SCOPE, soon()).entries()).isEmpty();
        }
    }
}
