package io.matriarch.engine.simulation;

import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * One daemon's way to the store. A call takes effect when its request arrives, if it arrives; the
 * clock that the backend sees is the daemon's, at the moment of sending.
 */
final class StoreClient implements StorePort {
    private final World world;
    private final StoreService service;
    private final Node node;
    private final DaemonLane lane;
    private final Dcs dcs;
    private final Map<Lane, Deque<Call<?>>> waiting = new EnumMap<>(Lane.class);
    private long sendingAt;
    private boolean missedHints;
    private Consumer<Set<EntryKind>> listener = hint -> {};

    StoreClient(World world, StoreService service, Node node, DaemonLane lane) {
        this.world = world;
        this.service = service;
        this.node = node;
        this.lane = lane;
        Ticker sending = () -> sendingAt;
        this.dcs =
                service.provider()
                        .open(StoreService.config(Optional.of(node.name()), sending), this::hint);
        for (Lane each : Lane.values()) {
            waiting.put(each, new ArrayDeque<>());
        }
    }

    void listen(Consumer<Set<EntryKind>> to) {
        listener = to;
    }

    void close() {
        dcs.close();
    }

    @Override
    public Scope scope() {
        return StoreService.SCOPE;
    }

    @Override
    public DcsTraits traits() {
        return dcs.traits();
    }

    @Override
    public <T> void submit(
            Lane on,
            Duration budget,
            BiFunction<Dcs, Deadline, T> call,
            Consumer<StoreAnswer<T>> to) {
        node.observer()
                .effect(node, new Observer.Effect(Observer.Effect.Kind.STORE, on.toString()));
        Deque<Call<?>> queue = waiting.get(on);
        queue.addLast(new Call<>(queue, lane.nanos() + budget.toNanos(), call, to));
        if (queue.size() == 1) {
            queue.peekFirst().send();
        }
    }

    private void hint(Set<EntryKind> changed) {
        if (!service.serves() || !node.storeLink().isWhole()) {
            missedHints = true;
            return;
        }
        lane.timer(world.millis(1, 40), () -> listener.accept(changed));
    }

    /** The watch is connected again: whatever was missed, look. */
    void reconnected() {
        if (missedHints && service.serves() && node.storeLink().isWhole()) {
            missedHints = false;
            lane.timer(world.millis(5, 800), () -> listener.accept(Set.of()));
        }
    }

    /** One call on its way there and back. */
    private final class Call<T> {
        private final Deque<Call<?>> queue;
        private final long deadlineAt;
        private final BiFunction<Dcs, Deadline, T> call;
        private final Consumer<StoreAnswer<T>> to;
        private final List<StoreCall.Operation> operations = new ArrayList<>();
        private long sentAt;
        private long sentAtMember;
        private boolean answered;
        private boolean withdrawn;

        private Call(
                Deque<Call<?>> queue,
                long deadlineAt,
                BiFunction<Dcs, Deadline, T> call,
                Consumer<StoreAnswer<T>> to) {
            this.queue = queue;
            this.deadlineAt = deadlineAt;
            this.call = call;
            this.to = to;
        }

        private void send() {
            sentAt = world.nanos();
            sentAtMember = lane.nanos();
            long left = deadlineAt - sentAtMember;
            if (left <= 0) {
                lane.execute(() -> giveUp(true));
                return;
            }
            lane.after(
                    Duration.ofNanos(left + (world.chance(0.1) ? world.millis(1, 249) : 0)),
                    () -> giveUp(world.chance(0.2) && operations.isEmpty()));
            StoreLink link = node.storeLink();
            if (link.refuses() || service.state() == StoreService.State.STOPPED) {
                lane.timer(world.millis(1, 30), () -> giveUp(true));
            } else if (link.requestsPass() && service.serves()) {
                world.after(latency(), this::arrive);
            } else if (world.chance(0.3)) {
                // Retransmitted for a while: it may still get through, perhaps too late.
                world.after(world.millis(100, 45_000), this::arrive);
            }
        }

        private long latency() {
            if (service.state() == StoreService.State.SLOW || node.storeLink().isSlow()) {
                return world.chance(0.2) ? world.millis(1_000, 20_000) : world.millis(50, 2_500);
            }
            return world.chance(0.02) ? world.millis(50, 900) : world.millis(1, 12);
        }

        private void arrive() {
            if (lane.isFrozen() && world.chance(0.5)) {
                // Still in the frozen process: it leaves when that thaws.
                lane.execute(this::apply);
            } else {
                apply();
            }
        }

        private void apply() {
            StoreLink link = node.storeLink();
            if (withdrawn || !link.requestsPass() || !service.serves()) {
                return;
            }
            // Not after the deadline as the backend sees it: it looked when it sent.
            sendingAt = sentAtMember;
            Ticker sending = () -> sentAtMember;
            ObservedDcs observed =
                    new ObservedDcs(dcs, service::holder, sentAt, sentAtMember, this::note);
            StoreAnswer<T> answer = attempt(observed, new Deadline(sending, deadlineAt));
            service.arm();
            boolean lost = world.chance(link.lossRate()) || !link.repliesPass();
            if (!lost) {
                lane.timer(latency(), () -> deliver(answer));
            }
        }

        private void note(StoreCall.Operation operation) {
            operations.add(operation);
            node.observer().atStore(node, operation);
        }

        private StoreAnswer<T> attempt(Dcs through, Deadline deadline) {
            try {
                return new StoreAnswer.Answered<>(call.apply(through, deadline));
            } catch (DcsException.NotApplied e) {
                return failed(StoreAnswer.Kind.NOT_APPLIED, e);
            } catch (DcsException.OutcomeUnknown e) {
                return failed(StoreAnswer.Kind.OUTCOME_UNKNOWN, e);
            } catch (DcsException.Misconfigured e) {
                return failed(StoreAnswer.Kind.MISCONFIGURED, e);
            }
        }

        private StoreAnswer<T> failed(StoreAnswer.Kind kind, DcsException e) {
            return new StoreAnswer.Failed<>(kind, e.getMessage());
        }

        private void giveUp(boolean neverSent) {
            if (!answered) {
                operations.clear();
                withdrawn = neverSent;
                Ticker sending = () -> sentAtMember;
                deliver(
                        attempt(
                                new UnansweredDcs(dcs, neverSent),
                                new Deadline(sending, deadlineAt)));
            }
        }

        private void deliver(StoreAnswer<T> answer) {
            if (answered) {
                return;
            }
            answered = true;
            operations.forEach(operation -> node.observer().answered(node, operation));
            to.accept(answer);
            queue.removeFirst();
            if (!queue.isEmpty()) {
                queue.peekFirst().send();
            }
        }
    }
}
