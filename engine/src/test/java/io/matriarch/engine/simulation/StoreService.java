package io.matriarch.engine.simulation;

import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The store as a whole, on true time, and an operator's own way to it, which never fails. */
final class StoreService {
    static final Scope SCOPE = new Scope("/service/", "sim");

    private final World world;
    private final MemoryStore store;
    private final MemoryDcsProvider provider;
    private final Dcs operator;
    private final List<Runnable> onRecovery = new ArrayList<>();
    private State state = State.HEALTHY;
    private long alarmAt = Long.MAX_VALUE;
    private boolean paused;
    private long pauseEndedAt = Long.MIN_VALUE / 2;

    StoreService(World world) {
        this.world = world;
        this.store = new MemoryStore(world);
        this.provider = new MemoryDcsProvider(store);
        this.operator = provider.open(config(Optional.empty(), world), hint -> {});
    }

    /** What all clients see of it. */
    enum State {
        HEALTHY,
        SLOW,
        /** Connections are refused. */
        STOPPED,
        /** Connections are accepted and nothing is answered. */
        FROZEN
    }

    State state() {
        return state;
    }

    boolean serves() {
        return state == State.HEALTHY || state == State.SLOW;
    }

    void set(State next) {
        boolean recovered = !serves() && (next == State.HEALTHY || next == State.SLOW);
        state = next;
        if (recovered) {
            List.copyOf(onRecovery).forEach(Runnable::run);
        }
    }

    void onRecovery(Runnable task) {
        onRecovery.add(task);
    }

    MemoryDcsProvider provider() {
        return provider;
    }

    static DcsConfig config(Optional<String> member, io.matriarch.spi.Ticker ticker) {
        return new DcsConfig(
                SCOPE, member, new Section("memory", Map.of()), DcsSettings.defaults(), ticker);
    }

    /** Call after each operation: sessions end by themselves, on true time. */
    void arm() {
        OptionalLong next = store.nextExpiry();
        if (next.isPresent() && (next.getAsLong() < alarmAt || alarmAt <= world.nanos())) {
            alarmAt = next.getAsLong();
            world.at(
                    alarmAt,
                    () -> {
                        alarmAt = Long.MAX_VALUE;
                        store.expire();
                        arm();
                    });
        }
    }

    /** Who holds the lease by the store's own word. */
    Optional<String> holder() {
        return store.holder(SCOPE);
    }

    Snapshot snapshot() {
        return operator.read(SCOPE, soon());
    }

    Optional<String> text(EntryKind kind) {
        return snapshot().entry(kind).map(Entry::text);
    }

    /** Writes as an operator does. */
    void put(EntryKind kind, String text) {
        operator.write(kind, Optional.of(Value.of(text)), Guard.any(), soon());
        if (kind == EntryKind.CONFIG) {
            notePause(text.contains("\"pause\":true"));
        }
        arm();
    }

    private void notePause(boolean now) {
        if (paused && !now) {
            pauseEndedAt = world.nanos();
        }
        paused = now;
    }

    /** Maintenance mode is on, or was until shortly ago. */
    boolean pausedWithin(long nanos) {
        return paused || world.nanos() - pauseEndedAt < nanos;
    }

    /** The valid system identifier of the cluster. */
    Optional<String> systemId() {
        return text(EntryKind.INITIALIZE).filter(id -> id.matches("[0-9]{10,}"));
    }

    /** A store that breaks its promise: the record vanishes before its time. */
    void loseLeader() {
        store.delete(SCOPE, EntryKind.LEADER.key());
    }

    /** The record suddenly carries another name. */
    void replaceLeader(String name) {
        store.put(SCOPE, EntryKind.LEADER.key(), name);
    }

    void delete(EntryKind kind) {
        operator.write(kind, Optional.empty(), Guard.any(), soon());
        arm();
    }

    private Deadline soon() {
        return Deadline.after(world, Duration.ofSeconds(1));
    }
}
