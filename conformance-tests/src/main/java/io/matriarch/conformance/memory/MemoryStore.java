package io.matriarch.conformance.memory;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Ticker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A consensus store in memory, shared by all clients that a {@link MemoryDcsProvider} opens on it.
 *
 * <p>Each operation is one atomic step. Sessions end by the store's own clock, whatever the clocks
 * of its clients say: before each operation, and in {@link #expire()}. In virtual time the driver
 * advances its clock to {@link #nextExpiry()} and calls {@link #expire()}; on a real clock {@link
 * #onRealClock} does both. Creates no thread. Safe for use by any thread; listeners are called
 * after the step and outside of its lock, by the thread that made the change unless the provider
 * was given an executor.
 */
public final class MemoryStore {
    /** The largest value that is stored, in characters. Real stores have such a bound too. */
    static final int LARGEST_VALUE = 1 << 20;

    private final Ledger ledger = new Ledger();
    private final Ticker ticker;
    private final Optional<ScheduledExecutorService> alarms;
    private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();
    private final Map<String, MemoryGate> gates = new ConcurrentHashMap<>();
    private Optional<Long> alarmAt = Optional.empty();
    private volatile Optional<String> password = Optional.empty();

    private record Subscription(Object owner, Watch watch) {}

    /**
     * @param ticker the store's own clock
     */
    public MemoryStore(Ticker ticker) {
        this(ticker, Optional.empty());
    }

    private MemoryStore(Ticker ticker, Optional<ScheduledExecutorService> alarms) {
        this.ticker = ticker;
        this.alarms = alarms;
    }

    /** A store on the clock of this process, whose sessions end by themselves. */
    public static MemoryStore onRealClock(ScheduledExecutorService alarms) {
        return new MemoryStore(Ticker.system(), Optional.of(alarms));
    }

    /** Ends the sessions whose time is over, removes their entries and tells the listeners. */
    public void expire() {
        transact(this, state -> state.openSessions());
    }

    /** When the next session ends if nothing keeps it alive, on the store's clock. */
    public OptionalLong nextExpiry() {
        synchronized (ledger) {
            return ledger.nextExpiry();
        }
    }

    /** How many sessions are open; for checks such as rule S4. */
    public int openSessions() {
        return transact(this, Ledger::openSessions);
    }

    /** The holder of the lease as the store sees it now; for the checkers of a simulation. */
    public Optional<String> holder(Scope scope) {
        String key = scope.path() + "/" + EntryKind.LEADER.key();
        return transact(this, state -> state.get(key).map(Stored::text));
    }

    /** Ends a session before its time, as an operator or a flushed store would (rule S1). */
    public void endSession(String session) {
        transact(
                this,
                state -> {
                    state.endSession(session);
                    return true;
                });
    }

    /**
     * Writes any key without a guard, as a foreign client would.
     *
     * @param key below the scope's path, such as {@code optime/leader}
     */
    public void put(Scope scope, String key, String text) {
        transact(this, state -> state.put(scope.path() + "/" + key, text, Optional.empty()));
    }

    /** Deletes any key without a guard, as an operator would. */
    public void delete(Scope scope, String key) {
        transact(this, state -> state.delete(scope.path() + "/" + key));
    }

    /**
     * The way to the store of the clients whose section says {@code gate: name}; those that say
     * nothing share the gate {@code default}.
     */
    public MemoryGate gate(String name) {
        return gates.computeIfAbsent(name, any -> new MemoryGate());
    }

    /** Sets every gate that is in use: what happens to the store as a whole. */
    public void setAllGates(MemoryGate.State state) {
        setGatesBut(Set.of(), state);
    }

    /** The same, but for gates of which more is known. */
    public void setGatesBut(Set<String> names, MemoryGate.State state) {
        gates.forEach(
                (name, gate) -> {
                    if (!names.contains(name)) {
                        gate.set(state);
                    }
                });
    }

    /** Demands this password of every client from now on, as {@code password} of its section. */
    public void demandPassword(String wanted) {
        password = Optional.of(wanted);
    }

    /** No retry can help whoever gives another one, or one that nobody asked for (rule O6). */
    void checkPassword(Optional<String> given) {
        if (!given.equals(password)) {
            throw new DcsException.Misconfigured(
                    "the store rejects memory.password; give the one that it demands");
        }
    }

    long now() {
        return ticker.nanos();
    }

    void subscribe(Object owner, Watch watch) {
        subscriptions.add(new Subscription(owner, watch));
    }

    void unsubscribe(Object owner) {
        subscriptions.removeIf(subscription -> subscription.owner() == owner);
    }

    /**
     * One atomic step.
     *
     * @param origin whose own listener is not told of the changes made by {@code step} (rule N5);
     *     it is told of expiries, which nobody made
     */
    <T> T transact(Object origin, Function<Ledger, T> step) {
        T result;
        List<String> expired;
        List<String> changed;
        synchronized (ledger) {
            ledger.expire(ticker.nanos());
            expired = ledger.takeChanges();
            result = step.apply(ledger);
            changed = ledger.takeChanges();
            setAlarm();
        }
        for (Subscription subscription : subscriptions) {
            if (!expired.isEmpty()) {
                subscription.watch().tell(expired);
            }
            if (!changed.isEmpty() && subscription.owner() != origin) {
                subscription.watch().tell(changed);
            }
        }
        return result;
    }

    /** Keeps one alarm pending, at or before the next expiry. A too early one sets the next. */
    private void setAlarm() {
        OptionalLong next = ledger.nextExpiry();
        if (alarms.isEmpty() || next.isEmpty()) {
            return;
        }
        long at = next.getAsLong();
        if (alarmAt.isPresent() && alarmAt.get() - at <= 0) {
            return;
        }
        alarmAt = Optional.of(at);
        long delay = Math.max(0, at - ticker.nanos());
        alarms.get().schedule(this::ring, delay, TimeUnit.NANOSECONDS);
    }

    private void ring() {
        synchronized (ledger) {
            alarmAt = Optional.empty();
        }
        expire();
    }
}
