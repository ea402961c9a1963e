package io.matriarch.conformance.memory;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import java.util.Objects;
import java.util.concurrent.Executor;

/**
 * Opens clients of one {@link MemoryStore}. Not registered for {@link java.util.ServiceLoader}: the
 * store is an object of the test, and no configuration may select it.
 *
 * <p>Each client reads deadlines and leases on the ticker of its own {@link DcsConfig}, so clients
 * may have clocks of their own. The section knows two keys, {@code gate} ({@link MemoryStore#gate})
 * and {@code password} ({@link MemoryStore#demandPassword}).
 */
public final class MemoryDcsProvider implements DcsProvider {
    private final MemoryStore store;
    private final Executor listeners;

    /** Listeners are called synchronously, by whoever made the change. */
    public MemoryDcsProvider(MemoryStore store) {
        this(store, Runnable::run);
    }

    /**
     * @param listeners runs the calls of all listeners
     */
    public MemoryDcsProvider(MemoryStore store, Executor listeners) {
        this.store = Objects.requireNonNull(store);
        this.listeners = Objects.requireNonNull(listeners);
    }

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        MemoryGate gate = store.gate(config.section().text("gate").orElse("default"));
        Watch watch = new Watch(config.scope().path() + "/", listener, listeners, gate);
        MemoryDcs dcs = new MemoryDcs(store, config, gate, watch);
        dcs.start();
        return dcs;
    }
}
