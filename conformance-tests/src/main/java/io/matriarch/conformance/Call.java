package io.matriarch.conformance;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** One call of the SPI, to be made under a fault. Uses the snapshot that the client read last. */
record Call(String name, Function<Deadline, Object> made) {
    /** Every method that takes a deadline; the release comes last but for the purge. */
    static List<Call> all(Client client, Lease lease) {
        return List.of(
                read(client),
                acquire(client),
                renew(client),
                touch(client, "{}"),
                write(client, EntryKind.CONFIG, "{}", Guard.any()),
                release(client, lease),
                new Call("purge", deadline -> client.dcs().purge(deadline)));
    }

    /** Those that change something or prove leadership. */
    static List<Call> changes(Client client, Lease lease) {
        return all(client, lease).stream().filter(call -> !call.name().equals("read")).toList();
    }

    static Call read(Client client) {
        return new Call("read", deadline -> client.dcs().read(client.scope(), deadline));
    }

    static Call acquire(Client client) {
        return new Call("acquire", deadline -> client.dcs().acquire(client.seen(), deadline));
    }

    static Call renew(Client client) {
        return new Call(
                "renew",
                deadline -> client.dcs().renew(client.seen(), LeaderUpdate.NONE, deadline));
    }

    static Call release(Client client, Lease lease) {
        return new Call(
                "release", deadline -> client.dcs().release(lease, Optional.empty(), deadline));
    }

    static Call touch(Client client, String text) {
        return new Call("touch", deadline -> client.dcs().touch(client.entry(text), deadline));
    }

    static Call write(Client client, EntryKind kind, String text, Guard guard) {
        return new Call(
                "write",
                deadline -> client.dcs().write(kind, Optional.of(Value.of(text)), guard, deadline));
    }

    static Call delete(Client client, EntryKind kind, Guard guard) {
        return new Call(
                "delete", deadline -> client.dcs().write(kind, Optional.empty(), guard, deadline));
    }

    /** Makes the call and tells how it ended. */
    Ending by(Deadline deadline) {
        try {
            Object answer = made.apply(deadline);
            return new Ending(name, Optional.of(answer), Optional.empty(), late(deadline));
        } catch (RuntimeException e) {
            // How a call fails is what the rules O and D are about: the test judges it.
            return new Ending(name, Optional.empty(), Optional.of(e), late(deadline));
        }
    }

    private static long late(Deadline deadline) {
        return -deadline.remainingNanos();
    }
}
