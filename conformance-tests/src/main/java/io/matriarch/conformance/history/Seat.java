package io.matriarch.conformance.history;

import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Value;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A place in a history: one process after the other, all of one name, over one link. Used by one
 * thread at a time.
 */
final class Seat {
    private final World world;
    private final Recorder recorder;
    private final int number;
    private final AtomicInteger texts;
    private final Map<EntryKind, Guard> guards = new EnumMap<>(EntryKind.class);
    private int process;
    private String client = "";
    private long opened;
    private Dcs dcs;
    private Snapshot seen = Snapshot.empty(0);
    private Optional<Lease> lease = Optional.empty();

    private Seat(World world, Recorder recorder, int number, AtomicInteger texts) {
        this.world = world;
        this.recorder = recorder;
        this.number = number;
        this.texts = texts;
        this.dcs = start();
    }

    static Seat taken(World world, Recorder recorder, int number, AtomicInteger texts) {
        return new Seat(world, recorder, number, texts);
    }

    /** Opens a client that knows nothing of the one before. */
    private Dcs start() {
        String name = Step.name(number) + "/" + ++process;
        client = name;
        opened = recorder.now();
        seen = Snapshot.empty(opened);
        lease = Optional.empty();
        guards.clear();
        return world.open(number, Step.member(number), kinds -> recorder.hint(name));
    }

    String client() {
        return client;
    }

    boolean isMember() {
        return Step.member(number).isPresent();
    }

    DcsTraits traits() {
        return dcs.traits();
    }

    /** What a read-only client cannot do, it reads instead. */
    void act(Step step) {
        switch (step.action()) {
            case ACQUIRE -> member(() -> prove(step.action(), d -> dcs.acquire(seen, d)));
            case RENEW -> member(this::renew);
            case RELEASE -> member(this::release);
            case TOUCH -> member(this::touch);
            case WRITE -> write(step.choice(), Optional.of("t" + texts.incrementAndGet()));
            case DELETE -> write(step.choice(), Optional.empty());
            case RESTART -> restart();
            default -> read();
        }
    }

    private void member(Runnable action) {
        if (isMember()) {
            action.run();
        } else {
            read();
        }
    }

    Asked read() {
        Asked asked = ask(Action.READ, Optional.empty(), d -> dcs.read(world.scope(), d));
        asked.snapshot().ifPresent(this::saw);
        return asked;
    }

    private void saw(Snapshot snapshot) {
        seen = snapshot;
        for (EntryKind kind : Change.KINDS) {
            guards.put(
                    kind,
                    snapshot.entry(kind)
                            .map(entry -> Guard.version(entry.version()))
                            .orElse(Guard.absent()));
        }
    }

    Asked renew() {
        return prove(Action.RENEW, d -> dcs.renew(seen, LeaderUpdate.NONE, d));
    }

    private Asked prove(Action action, Function<Deadline, Object> call) {
        Asked asked = ask(action, Optional.empty(), call);
        asked.proof().ifPresent(proof -> lease = Optional.of(proof));
        return asked;
    }

    private void release() {
        if (lease.isPresent()) {
            Lease held = lease.get();
            lease = Optional.empty();
            ask(
                    Action.RELEASE,
                    Optional.empty(),
                    d -> dcs.release(held, Optional.of(Value.of("{\"optime\":1}")), d));
        } else {
            read();
        }
    }

    Asked touch() {
        Value value = Value.of("{\"n\":" + texts.incrementAndGet() + "}");
        String name = Step.name(number);
        MemberEntry me = new MemberEntry(name, value, "replica", "running");
        return ask(Action.TOUCH, Optional.empty(), d -> dcs.touch(me, d));
    }

    /** A write by the guard that is known: from the last snapshot, or from the last own write. */
    Asked write(int choice, Optional<String> text) {
        EntryKind kind = Change.kind(choice);
        Guard guard =
                Change.blind(choice) ? Guard.any() : guards.getOrDefault(kind, Guard.absent());
        // Nothing to delete: an entry that is known to be absent is created instead.
        Optional<String> wanted =
                guard instanceof Guard.Absent
                        ? text.or(() -> Optional.of("t" + texts.incrementAndGet()))
                        : text;
        Asked asked =
                ask(
                        wanted.isPresent() ? Action.WRITE : Action.DELETE,
                        Optional.of(new Change(kind, wanted, guard)),
                        d -> dcs.write(kind, wanted.map(Value::of), guard, d));
        asked.reply()
                .version()
                .ifPresent(
                        version ->
                                guards.put(
                                        kind,
                                        wanted.isPresent()
                                                ? Guard.version(version)
                                                : Guard.absent()));
        return asked;
    }

    private Asked ask(Action action, Optional<Change> change, Function<Deadline, Object> call) {
        return recorder.ask(client, number, action, change, call);
    }

    private void restart() {
        leave();
        dcs = start();
    }

    /** The process ends; it releases nothing. */
    void leave() {
        recorder.lived(client, number, opened);
        dcs.close();
    }
}
