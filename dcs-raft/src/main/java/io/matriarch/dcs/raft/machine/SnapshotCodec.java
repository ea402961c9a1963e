package io.matriarch.dcs.raft.machine;

import java.util.Optional;

/** A whole {@link Machine} as bytes. */
public final class SnapshotCodec {
    private static final int FORMAT = 1;

    private SnapshotCodec() {}

    /** The state as it is. */
    public static byte[] encode(Machine machine) {
        Out out = new Out().tag(FORMAT);
        out.number(machine.clock.now())
                .number(machine.clock.reign())
                .number(machine.clock.sequence());
        out.size(machine.sessions.size());
        machine.sessions.forEach(
                (process, session) ->
                        out.text(process)
                                .number(session.id())
                                .number(session.expiresAt())
                                .number(session.lastClaim())
                                .number(session.lastTouch()));
        out.size(machine.recents.size());
        machine.recents.forEach((process, recent) -> recent(out, process, recent));
        out.size(machine.scopes.size());
        machine.scopes.forEach((path, scope) -> scope(out, path, scope));
        return out.bytes();
    }

    private static void recent(Out out, String process, Recent recent) {
        out.text(process).number(recent.floor).number(recent.used).size(recent.replies.size());
        recent.replies.forEach((sequence, reply) -> out.number(sequence).block(reply));
    }

    private static void scope(Out out, String path, ScopeState scope) {
        out.text(path).tag(scope.seat.isPresent() ? 1 : 0);
        scope.seat.ifPresent(
                seat -> out.text(seat.process()).number(seat.epoch()).number(seat.expiresAt()));
        out.size(scope.items.size());
        scope.items.forEach(
                (key, item) ->
                        out.text(key)
                                .text(item.text())
                                .number(item.version())
                                .number(item.session()));
    }

    /**
     * A machine in the state that was saved.
     *
     * @throws IllegalArgumentException if this is no snapshot that this version knows
     */
    public static Machine decode(byte[] bytes) {
        return In.read(bytes, SnapshotCodec::machine);
    }

    private static Machine machine(In in) {
        int format = in.tag();
        if (format != FORMAT) {
            throw In.unknown("snapshot", format);
        }
        Machine machine = new Machine();
        machine.clock.restore(in.number(), in.number(), in.number());
        for (int left = in.size(); left > 0; left--) {
            machine.sessions.put(
                    in.text(), new Session(in.number(), in.number(), in.number(), in.number()));
        }
        for (int left = in.size(); left > 0; left--) {
            machine.recents.put(in.text(), recent(in));
        }
        for (int left = in.size(); left > 0; left--) {
            machine.scopes.put(in.text(), scope(in));
        }
        return machine;
    }

    private static Recent recent(In in) {
        Recent recent = new Recent();
        recent.floor = in.number();
        recent.used = in.number();
        for (int left = in.size(); left > 0; left--) {
            recent.replies.put(in.number(), in.block());
        }
        return recent;
    }

    private static ScopeState scope(In in) {
        ScopeState scope = new ScopeState();
        if (in.tag() == 1) {
            scope.seat = Optional.of(new Seat(in.text(), in.number(), in.number()));
        }
        for (int left = in.size(); left > 0; left--) {
            scope.items.put(in.text(), new Item(in.text(), in.number(), in.number()));
        }
        return scope;
    }
}
