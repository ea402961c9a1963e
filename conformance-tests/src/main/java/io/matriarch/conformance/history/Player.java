package io.matriarch.conformance.history;

import io.matriarch.conformance.history.Action.Target;
import io.matriarch.spi.DcsTraits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Plays a plan: each seat acts on a lane of its own, and one more lane spoils links and servers. A
 * step begins at its time, or when the step before it on its lane has ended. When all lanes have
 * ended every fault is undone, and the clients show that they work again.
 */
public final class Player {
    private final World world;
    private final Recorder recorder;
    private final List<Seat> seats;

    private record Due(long at, Step step) {}

    private Player(World world) {
        this.world = world;
        this.recorder = new Recorder(world);
        AtomicInteger texts = new AtomicInteger();
        this.seats =
                IntStream.range(0, Step.SEATS)
                        .mapToObj(seat -> Seat.taken(world, recorder, seat, texts))
                        .toList();
    }

    /** Plays a plan in a fresh world, which it leaves open. */
    public static History play(List<Step> plan, World world) {
        return new Player(world).play(plan);
    }

    private History play(List<Step> plan) {
        // Connections are made before the first fault; a client that never had one is no history.
        together(seat -> () -> until(world.timing().recovery(), seat::read));
        long began = recorder.now();
        List<Due> due = due(plan, began);
        List<Runnable> lanes = new ArrayList<>();
        for (int i = 0; i < seats.size(); i++) {
            int number = i;
            Seat seat = seats.get(i);
            lanes.add(
                    () ->
                            lane(
                                    due,
                                    s -> s.action().target() == Target.CLIENT && s.seat() == number,
                                    seat::act));
        }
        lanes.add(() -> lane(due, s -> s.action().target() != Target.CLIENT, this::inflict));
        world.together(lanes);
        mendAll();
        long healed = recorder.now();
        recover(healed);
        DcsTraits traits = seats.get(0).traits();
        seats.forEach(Seat::leave);
        return recorder.history(began, healed, traits, world.stalls());
    }

    private List<Due> due(List<Step> plan, long began) {
        List<Due> due = new ArrayList<>();
        long at = began;
        for (Step step : plan) {
            at += world.timing().unit().multipliedBy(step.pause()).toNanos();
            due.add(new Due(at, step));
        }
        return due;
    }

    private void lane(
            List<Due> due,
            java.util.function.Predicate<Step> mine,
            java.util.function.Consumer<Step> act) {
        for (Due each : due) {
            if (mine.test(each.step())) {
                world.passUntil(each.at());
                act.accept(each.step());
            }
        }
    }

    private void inflict(Step step) {
        recorder.trouble(
                step.seat(), step.action(), () -> world.inflict(step.seat(), step.action()));
    }

    private void mendAll() {
        inflict(new Step(0, 0, Action.MEND, 0));
        for (int seat = 0; seat < Step.SEATS; seat++) {
            inflict(new Step(0, seat, Action.HEAL, 0));
        }
    }

    /** Everybody reads, members renew and touch, one writes, all are told of it and read it. */
    private void recover(long healed) {
        together(seat -> () -> recover(seat, healed));
        Seat writer = seats.get(Step.SEATS - 1);
        Asked written = writer.write(Step.CHOICES - Change.KINDS.size(), Optional.of("last"));
        if (written.applied()) {
            long end = written.completed() + world.timing().mending().toNanos();
            while (recorder.now() - end < 0 && !told(written)) {
                world.passUntil(recorder.now() + Duration.ofMillis(10).toNanos());
            }
        }
        together(seat -> seat::read);
    }

    private boolean told(Asked written) {
        return seats.stream()
                .filter(Seat::isMember)
                .allMatch(seat -> recorder.hinted(seat.client(), written.invoked()));
    }

    private void recover(Seat seat, long healed) {
        long end = healed + world.timing().recovery().toNanos();
        Duration left = Duration.ofNanos(Math.max(1, end - recorder.now()));
        until(left, seat::read);
        if (seat.isMember()) {
            until(left, seat::touch);
            until(left, seat::renew);
        }
    }

    /** Repeats a call until the store answers it. */
    private void until(Duration patience, Supplier<Asked> call) {
        long end = recorder.now() + patience.toNanos();
        Asked asked = call.get();
        while (!answered(asked) && recorder.now() - end < 0) {
            world.passUntil(recorder.now() + Duration.ofMillis(20).toNanos());
            asked = call.get();
        }
    }

    private static boolean answered(Asked asked) {
        return asked.applied() || asked.ended(Reply.Result.REFUSED);
    }

    private void together(java.util.function.Function<Seat, Runnable> action) {
        world.together(seats.stream().map(action).toList());
    }
}
