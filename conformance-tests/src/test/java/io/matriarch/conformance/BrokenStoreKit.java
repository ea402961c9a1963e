package io.matriarch.conformance;

import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The kit on a store with a planted fault; run by {@link BrokenStoresTest} only. */
class BrokenStoreKit extends MemoryConformanceTest {
    /** How long changes are not told after a read; shorter than the other watch tests settle. */
    private static final Duration DEAF = Duration.ofMillis(30);

    // The launcher makes the instances, so the fault to plant cannot be handed to a constructor.
    private static volatile Planted planted = LeaseFault.VALID_FOR_TOO_LONG;

    static void plant(Planted fault) {
        planted = fault;
    }

    /** Twice this is what a store that never recovers is waited for. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(1);
    }

    @Override
    protected DcsProvider provider() {
        MemoryDcsProvider sound = new MemoryDcsProvider(store());
        return new DcsProvider() {
            @Override
            public String name() {
                return "broken";
            }

            @Override
            public Dcs open(DcsConfig config, DcsListener listener) {
                if (planted == CallFault.A_WATCH_THAT_BROKE_STAYS_BROKEN) {
                    return sound.open(config, untilBroken(listener));
                }
                return planted == CallFault.A_CHANGE_SOON_AFTER_A_READ_IS_NOT_TOLD
                        ? deaf(sound, config, listener)
                        : planted.fault()
                                .client()
                                .apply(
                                        new Wrapped.Sound(
                                                sound.open(config, listener), config, store()));
            }
        };
    }

    /** The store in memory says "anything may have changed" when a link is well again. */
    private static DcsListener untilBroken(DcsListener listener) {
        AtomicBoolean broken = new AtomicBoolean();
        return hint -> {
            broken.compareAndSet(false, hint.isEmpty());
            if (!broken.get()) {
                listener.changed(hint);
            }
        };
    }

    private Dcs deaf(DcsProvider sound, DcsConfig config, DcsListener listener) {
        AtomicLong hearsFrom = new AtomicLong(System.nanoTime());
        DcsListener late =
                hint -> {
                    if (System.nanoTime() - hearsFrom.get() >= 0) {
                        listener.changed(hint);
                    }
                };
        return new Wrapped(new Wrapped.Sound(sound.open(config, late), config, store())) {
            @Override
            public Snapshot read(Scope scope, Deadline deadline) {
                Snapshot snapshot = super.read(scope, deadline);
                hearsFrom.set(System.nanoTime() + DEAF.toNanos());
                return snapshot;
            }
        };
    }
}
