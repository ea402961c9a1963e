package io.matriarch.conformance;

import io.matriarch.conformance.StoreControl.Ability;
import io.matriarch.conformance.history.Action;
import io.matriarch.conformance.history.Action.Target;
import io.matriarch.conformance.history.Lanes;
import io.matriarch.conformance.history.Stall;
import io.matriarch.conformance.history.Step;
import io.matriarch.conformance.history.Timing;
import io.matriarch.conformance.history.World;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;

/** The store under test in real time, with a link for each seat if the author offers links. */
final class RealWorld implements World {
    private final Bench bench;
    private final Timing timing;
    private final Scope scope;
    private final List<Link> links;
    private final Pulse pulse = Pulse.start();
    private Optional<Action> ailing = Optional.empty();

    RealWorld(Bench bench) {
        this.bench = bench;
        this.timing = timing(bench.timing());
        this.scope = bench.scope();
        this.links =
                bench.offers(Ability.LINK)
                        ? IntStream.range(0, Step.SEATS).mapToObj(seat -> bench.link()).toList()
                        : List.of();
    }

    private static Timing timing(Bench.Timing chosen) {
        return new Timing(
                chosen.ttl(),
                chosen.loopWait(),
                chosen.timeout(),
                chosen.shortTimeout().multipliedBy(2));
    }

    /** The faults that the author of the plug-in can bring about. */
    static Set<Action> faults(StoreControl control) {
        Set<Action> faults = EnumSet.noneOf(Action.class);
        if (control.abilities().contains(Ability.LINK)) {
            faults.addAll(
                    EnumSet.of(
                            Action.DELAY,
                            Action.DROP_REQUESTS,
                            Action.DROP_REPLIES,
                            Action.BLACK_HOLE,
                            Action.CUT,
                            Action.HALF_OPEN,
                            Action.RESET,
                            Action.HEAL));
        }
        if (control.abilities().contains(Ability.STOP)) {
            faults.addAll(EnumSet.of(Action.STOP, Action.MEND));
        }
        if (control.abilities().contains(Ability.FREEZE)) {
            faults.addAll(EnumSet.of(Action.FREEZE, Action.MEND));
        }
        return faults;
    }

    @Override
    public Timing timing() {
        return timing;
    }

    @Override
    public Ticker ticker() {
        return Ticker.system();
    }

    @Override
    public Scope scope() {
        return scope;
    }

    @Override
    public void passUntil(long nanos) {
        RealTime.passUntil(nanos);
    }

    @Override
    public void together(List<Runnable> lanes) {
        List<Callable<Boolean>> actions = new ArrayList<>();
        for (Runnable lane : lanes) {
            actions.add(
                    () -> {
                        lane.run();
                        return true;
                    });
        }
        Lanes.all(actions);
    }

    @Override
    public Dcs open(int seat, Optional<String> member, DcsListener listener) {
        Section way = links.isEmpty() ? bench.section() : links.get(seat).section();
        return bench.open(member, way, listener);
    }

    @Override
    public void inflict(int seat, Action action) {
        if (action.target() == Target.SERVER) {
            onServers(action);
        } else if (!links.isEmpty()) {
            onLink(links.get(seat), action);
        }
    }

    /** The fault before is undone first: a link that lost bytes must not go on with gaps. */
    private void onLink(Link link, Action action) {
        link.heal();
        switch (action) {
            case DELAY -> link.delayReplies(timing.ttl().dividedBy(10));
            case DROP_REQUESTS -> link.dropRequests();
            case DROP_REPLIES -> link.dropReplies();
            case BLACK_HOLE -> link.blackHole();
            case CUT -> link.cut();
            case HALF_OPEN -> link.halfOpen();
            case RESET -> link.reset();
            default -> {
                // Healed already.
            }
        }
    }

    private void onServers(Action action) {
        if (ailing.isPresent()) {
            bench.undo();
            ailing = Optional.empty();
        }
        switch (action) {
            case STOP -> bench.stop();
            case FREEZE -> bench.freeze();
            default -> {
                return;
            }
        }
        ailing = Optional.of(action);
    }

    @Override
    public List<Stall> stalls() {
        return pulse.stalls();
    }

    @Override
    public void close() {
        bench.close();
        pulse.close();
    }
}
