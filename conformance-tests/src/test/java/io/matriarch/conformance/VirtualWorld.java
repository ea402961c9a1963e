package io.matriarch.conformance;

import io.matriarch.conformance.history.Action;
import io.matriarch.conformance.history.Action.Target;
import io.matriarch.conformance.history.Stall;
import io.matriarch.conformance.history.Step;
import io.matriarch.conformance.history.Timing;
import io.matriarch.conformance.history.World;
import io.matriarch.conformance.memory.MemoryDcsProvider;
import io.matriarch.conformance.memory.MemoryStore;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** The reference store with a network, all in virtual time. */
final class VirtualWorld implements World {
    private static final Timing TIMING =
            new Timing(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(400));

    private final VirtualTime time;
    private final MemoryStore store;
    private final VirtualLink.Servers servers = new VirtualLink.Servers();
    private final List<VirtualLink> links;
    private final HistoryFault fault;

    VirtualWorld(long seed, HistoryFault fault) {
        this.time = new VirtualTime(seed);
        this.store = new MemoryStore(time);
        this.fault = fault;
        this.links =
                IntStream.range(0, Step.SEATS)
                        .mapToObj(seat -> new VirtualLink(time, servers))
                        .toList();
    }

    @Override
    public Timing timing() {
        return TIMING;
    }

    @Override
    public Ticker ticker() {
        return time;
    }

    @Override
    public Scope scope() {
        return new Scope("/virtual", "batman");
    }

    @Override
    public void passUntil(long nanos) {
        time.passUntil(nanos);
    }

    @Override
    public void together(List<Runnable> lanes) {
        time.together(lanes);
    }

    @Override
    public Dcs open(int seat, Optional<String> member, DcsListener listener) {
        DcsSettings settings = new DcsSettings(TIMING.ttl(), TIMING.loopWait(), TIMING.timeout());
        TravellingDcs.Sending clock = new TravellingDcs.Sending(time);
        DcsConfig config =
                new DcsConfig(scope(), member, new Section("memory", Map.of()), settings, clock);
        VirtualLink link = links.get(seat);
        Dcs inner =
                new MemoryDcsProvider(store)
                        .open(config, link.through(fault.deafen(listener, time)));
        Dcs sound = new TravellingDcs(inner, link, clock);
        return fault.plant(new HistoryFault.Stage(new Wrapped.Sound(sound, config, store), time));
    }

    @Override
    public void inflict(int seat, Action action) {
        if (action.target() == Target.SERVER) {
            servers.set(action);
        } else {
            links.get(seat).set(action);
        }
    }

    @Override
    public List<Stall> stalls() {
        return List.of();
    }

    @Override
    public void close() {
        store.expire();
    }
}
