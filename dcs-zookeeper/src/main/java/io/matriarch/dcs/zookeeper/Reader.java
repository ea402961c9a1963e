package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;

/**
 * Reads a scope as it is at one moment: all of it in one request, which the server answers between
 * two transactions. The members to ask for are those of the read before; if others are there, the
 * request is sent again. A transaction before it makes the answer one that a quorum agrees to.
 *
 * <p>A new session is itself a transaction, and the library lets no server that knows less than it
 * has seen answer. So reads do not go back across reconnects and sessions.
 */
final class Reader {
    private static final String WHAT = "reading the scope";

    private static final List<EntryKind> SINGLE =
            Arrays.stream(EntryKind.values()).filter(kind -> kind != EntryKind.MEMBER).toList();

    private final Calls calls;
    private final Ticker ticker;
    private final Scope own;
    private final Seen seen;
    private final Map<Scope, List<String>> members = new ConcurrentHashMap<>();

    /**
     * @param own the scope whose entries this instance writes
     */
    Reader(Calls calls, Ticker ticker, Scope own, Seen seen) {
        this.calls = calls;
        this.ticker = ticker;
        this.own = own;
        this.seen = seen;
    }

    Snapshot read(Scope scope, Deadline deadline) {
        Paths paths = new Paths(scope);
        return calls.read(WHAT, deadline, round -> read(round, scope, paths));
    }

    private Snapshot read(Calls.Round round, Scope scope, Paths paths) {
        List<String> names = members.getOrDefault(scope, List.of());
        while (true) {
            long sentAt = ticker.nanos();
            CompletableFuture<Answer<List<OpResult>>> barrier = round.live().barrier();
            CompletableFuture<Answer<List<OpResult>>> reply =
                    round.live().multi(requests(paths, names));
            round.passed(barrier);
            Answer<List<OpResult>> answer = round.answer(reply);
            if (answer.value() == null) {
                throw new Lost("the server answered " + answer.code());
            }
            List<String> present = present(round, answer.value().get(0));
            if (!new HashSet<>(present).equals(new HashSet<>(names))) {
                names = present;
                continue;
            }
            members.put(scope, names);
            return snapshot(round, names, answer.value(), sentAt, scope.equals(own));
        }
    }

    private static List<Op> requests(Paths paths, List<String> names) {
        List<Op> ops = new ArrayList<>();
        ops.add(Op.getChildren(paths.members()));
        SINGLE.forEach(kind -> ops.add(Op.getData(paths.of(kind))));
        names.forEach(name -> ops.add(Op.getData(paths.member(name))));
        return ops;
    }

    private static List<String> present(Calls.Round round, OpResult children) {
        if (children instanceof OpResult.GetChildrenResult found) {
            return found.getChildren();
        }
        check(round, children);
        return List.of();
    }

    private Snapshot snapshot(
            Calls.Round round,
            List<String> names,
            List<OpResult> results,
            long sentAt,
            boolean mine) {
        Map<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        for (int i = 0; i < SINGLE.size(); i++) {
            EntryKind kind = SINGLE.get(i);
            Optional<Stored> stored = stored(round, results.get(1 + i));
            stored.ifPresent(s -> entries.put(kind, s.entry(kind)));
            stored.filter(s -> mine).ifPresent(s -> seen.saw(kind, s));
        }
        TreeMap<String, Entry> found = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            stored(round, results.get(1 + SINGLE.size() + i))
                    .ifPresent(s -> found.put(name, s.entry(EntryKind.MEMBER)));
        }
        return new Snapshot(entries, found, sentAt);
    }

    private static Optional<Stored> stored(Calls.Round round, OpResult result) {
        if (result instanceof OpResult.GetDataResult data) {
            return Optional.of(Stored.of(data.getData(), data.getStat()));
        }
        check(round, result);
        return Optional.empty();
    }

    private static void check(Calls.Round round, OpResult result) {
        Code code =
                result instanceof OpResult.ErrorResult error
                        ? Code.get(error.getErr())
                        : Code.MARSHALLINGERROR;
        round.reject(code);
        if (code != Code.NONODE) {
            throw new Lost("the server answered " + code);
        }
    }
}
