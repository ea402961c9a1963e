package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.MemberEntry;
import java.util.List;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.Op;

/**
 * The own member record, bound to the session. Nobody else writes it; one that another session of
 * this name left behind is replaced in one step.
 */
final class MemberRecord {
    private static final String WHAT = "writing the member record";

    private final String name;
    private final String path;
    private final Calls calls;
    private final Folders folders;

    MemberRecord(String name, Paths paths, Calls calls, Folders folders) {
        this.name = name;
        this.path = paths.member(name);
        this.calls = calls;
        this.folders = folders;
    }

    String name() {
        return name;
    }

    String path() {
        return path;
    }

    /** Writes the record unless the store holds it, bound to the session in use. */
    long touch(MemberEntry me, Deadline deadline) {
        if (!me.name().equals(name)) {
            throw new IllegalArgumentException("opened as " + name + ", not as " + me.name());
        }
        String text = me.value().text();
        if (!deadline.passed() && !Entries.fits(text)) {
            throw new DcsException.NotApplied(
                    WHAT + ": it is larger than the megabyte that ZooKeeper takes");
        }
        boolean[] wrote = {false};
        return calls.call(WHAT, deadline, () -> wrote[0], round -> written(round, text, wrote));
    }

    private long written(Calls.Round round, String text, boolean[] wrote) {
        Live live = round.live();
        while (true) {
            Answer<Stored> seen = round.answer(live.get(path));
            if (seen.ok()
                    && seen.value().owner() == live.session()
                    && seen.value().text().equals(text)) {
                return live.session();
            }
            wrote[0] = true;
            Answer<?> answer;
            if (!seen.ok()) {
                answer = round.answer(live.create(path, text, folders.acl(), CreateMode.EPHEMERAL));
            } else if (seen.value().owner() == live.session()) {
                answer = round.answer(live.set(path, text, seen.value().version()));
            } else {
                answer = round.answer(live.multi(replacing(seen.value(), text)));
            }
            if (answer.ok()) {
                return live.session();
            }
            switch (answer.code()) {
                case NONODE -> folders.make(round, path);
                case BADVERSION, NODEEXISTS -> {}
                default ->
                        throw new DcsException.NotApplied(
                                WHAT + ": ZooKeeper rejects it: " + answer.code());
            }
        }
    }

    /** Binds a record of another session to the one that sends this. */
    List<Op> replacing(Stored old, String text) {
        return List.of(
                Op.delete(path, old.version()),
                Op.create(path, Stored.bytes(text), folders.acl(), CreateMode.EPHEMERAL));
    }
}
