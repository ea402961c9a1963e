package io.matriarch.dcs.raft.machine;

import java.util.Optional;

/** A machine with a short way to send it entries. */
final class Story {
    static final String PATH = "/service/batman";
    static final long SECOND = 1_000_000_000L;
    static final long TTL = 10 * SECOND;

    Machine machine = new Machine();
    private long index;
    private long sequence;
    private long tick;

    Reply of(String process, Command command) {
        return send(request(process, command)).reply();
    }

    Request request(String process, Command command) {
        return new Request(process, ++sequence, machine.now() + 20 * SECOND, command);
    }

    Machine.Applied send(Request request) {
        return machine.apply(++index, request);
    }

    long index() {
        return index;
    }

    /** Lets replicated time pass. */
    void pass(long nanos) {
        if (tick == 0) {
            of("clock", new Command.Reign(7));
        }
        for (long left = nanos; left > 0; left -= Clock.LONGEST.toNanos()) {
            of("clock", new Command.Tick(7, ++tick, Math.min(left, Clock.LONGEST.toNanos())));
        }
    }

    Reply claim(String process, String member) {
        return of(process, claimOf(member));
    }

    static Command claimOf(String member) {
        return new Command.Claim(PATH, member, TTL, Optional.empty(), Optional.empty());
    }

    Reply touch(String process, String member, String text) {
        return of(process, new Command.Touch(PATH, member, TTL, text));
    }

    Reply put(String key, String text, Command.Condition condition) {
        return of("w", new Command.Put(PATH, key, Optional.of(text), condition));
    }

    Optional<Reply.Found> found(String key) {
        Reply.View view = (Reply.View) of("reader", new Command.Read(PATH));
        return view.entries().stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    Optional<String> leader() {
        return found("leader").map(Reply.Found::text);
    }
}
