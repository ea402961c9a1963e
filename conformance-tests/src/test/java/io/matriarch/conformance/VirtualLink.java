package io.matriarch.conformance;

import io.matriarch.conformance.history.Action;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The network between one seat and the store in memory: requests and replies travel for a while,
 * and faults stop them on the way. A guarded write that was given up in a black hole still arrives
 * when that ends. Used by the one lane that goes on.
 */
final class VirtualLink {
    private static final long MICROS = Duration.ofNanos(1_000).toNanos();
    private static final int LONGEST_WAY_MICROS = 4_000;
    private static final long LOOK = Duration.ofMillis(5).toNanos();

    /** What is wrong with the servers; shared by all links of a world. */
    static final class Servers {
        private Action state = Action.MEND;
        private final List<VirtualLink> links = new ArrayList<>();

        void set(Action next) {
            state = next;
            if (next == Action.MEND) {
                links.forEach(VirtualLink::makeGood);
            }
        }
    }

    private final VirtualTime time;
    private final Servers servers;
    private final List<Runnable> held = new ArrayList<>();
    private Action weather = Action.HEAL;
    private Optional<DcsListener> listener = Optional.empty();

    VirtualLink(VirtualTime time, Servers servers) {
        this.time = time;
        this.servers = servers;
        servers.links.add(this);
    }

    void set(Action next) {
        if (weather == Action.BLACK_HOLE) {
            List<Runnable> late = List.copyOf(held);
            held.clear();
            weather = Action.HEAL;
            late.forEach(Runnable::run);
        }
        weather = next == Action.RESET ? Action.HEAL : next;
        makeGood();
    }

    /** The listener of the seat's client as the store may call it. */
    DcsListener through(DcsListener told) {
        listener = Optional.of(told);
        return kinds -> {
            if (well()) {
                told.changed(kinds);
            }
        };
    }

    private void makeGood() {
        if (well()) {
            Set<EntryKind> anything = Set.of();
            listener.ifPresent(told -> told.changed(anything));
        }
    }

    private boolean well() {
        return servers.state == Action.MEND && (weather == Action.HEAL || weather == Action.DELAY);
    }

    /**
     * One request and its reply.
     *
     * @param late what may still happen after the caller gave up
     */
    <T> T carry(Deadline deadline, Supplier<T> request, Optional<Runnable> late) {
        if (deadline.passed()) {
            throw new DcsException.NotApplied("the deadline passed before the call");
        }
        if (weather == Action.CUT || servers.state == Action.STOP) {
            travel(deadline);
            throw new DcsException.NotApplied("connection refused");
        }
        if (!arrives(deadline)) {
            if (weather == Action.BLACK_HOLE) {
                late.ifPresent(held::add);
            }
            throw new DcsException.OutcomeUnknown("no reply by the deadline");
        }
        T answer = request.get();
        travel(deadline);
        if (weather == Action.DELAY) {
            time.passUntil(Math.min(deadline.at(), time.nanos() + 30 * LOOK));
        }
        if (weather == Action.CUT || servers.state == Action.STOP) {
            throw new DcsException.OutcomeUnknown("connection reset");
        }
        while (!well() && !deadline.passed()) {
            time.passUntil(Math.min(deadline.at(), time.nanos() + LOOK));
            if (well()) {
                throw new DcsException.OutcomeUnknown("connection reset");
            }
        }
        if (deadline.passed()) {
            throw new DcsException.OutcomeUnknown("no reply by the deadline");
        }
        return answer;
    }

    private void travel(Deadline deadline) {
        long way = time.draw(LONGEST_WAY_MICROS) * MICROS;
        time.passUntil(Math.min(deadline.at(), time.nanos() + way));
    }

    /** Whether the request gets to a server that takes it, before the caller has given up. */
    private boolean arrives(Deadline deadline) {
        travel(deadline);
        while (!deadline.passed()) {
            boolean lost =
                    weather == Action.DROP_REQUESTS
                            || weather == Action.BLACK_HOLE
                            || weather == Action.HALF_OPEN
                            || weather == Action.CUT;
            if (!lost && servers.state == Action.MEND) {
                return true;
            }
            if (weather == Action.CUT || servers.state == Action.STOP) {
                throw new DcsException.OutcomeUnknown("connection reset");
            }
            time.passUntil(Math.min(deadline.at(), time.nanos() + LOOK));
            if (weather == Action.HEAL && lost) {
                throw new DcsException.OutcomeUnknown("connection reset");
            }
        }
        return false;
    }
}
