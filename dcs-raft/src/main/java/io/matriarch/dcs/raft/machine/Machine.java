package io.matriarch.dcs.raft.machine;

import io.matriarch.dcs.raft.machine.Command.Condition;
import io.matriarch.dcs.raft.machine.Reply.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The state that all members of the store agree on. Deterministic: what an entry does depends on
 * the entries before it and on nothing else. Not safe for use by several threads.
 *
 * <p>A request may be applied long after its sender gave it up, and its sender may send it again.
 * Three things make that harmless: a request that was applied is answered from memory; one that
 * comes after its time is not applied; and of the requests of one process about the lease, or about
 * its member record, an older one is not applied after a younger one.
 */
public final class Machine {
    /** How long replies are remembered after the last request of their process. */
    static final long MEMORY = 120_000_000_000L;

    /** A request must not ask for a longer life than this, so that no reply is forgotten before. */
    public static final long LONGEST_REQUEST = 60_000_000_000L;

    private static final long SWEEP_TICKS = 64;

    /**
     * What an entry did.
     *
     * @param reply for whoever sent it
     * @param changes in no order that matters
     */
    public record Applied(Reply reply, List<Change> changes) {}

    final Clock clock = new Clock();
    final TreeMap<String, ScopeState> scopes = new TreeMap<>();
    final TreeMap<String, Session> sessions = new TreeMap<>();
    final TreeMap<String, Recent> recents = new TreeMap<>();

    /** What the entry at hand changed so far. */
    private final List<Change> changes = new ArrayList<>();

    /** The replicated clock. */
    public long now() {
        return clock.now();
    }

    /**
     * Applies the next entry.
     *
     * @param index its place in the log; larger than that of each entry before
     */
    public Applied apply(long index, Request request) {
        changes.clear();
        Reply reply = repeatable(request) ? run(index, request) : once(index, request);
        return new Applied(reply, List.copyOf(changes));
    }

    private static boolean repeatable(Request request) {
        return request.command() instanceof Command.Read
                || request.command() instanceof Command.Tick
                || request.command() instanceof Command.Reign
                || request.command() instanceof Command.CountSessions;
    }

    private Reply once(long index, Request request) {
        Recent recent = recents.get(request.process());
        if (recent != null) {
            Optional<byte[]> before = recent.reply(request.sequence());
            if (before.isPresent()) {
                return ReplyCodec.decode(before.get());
            }
            if (request.sequence() <= recent.floor) {
                return refused(Reason.TOO_LATE, "its reply was forgotten");
            }
        }
        if (clock.now() > request.notAfter()
                || request.notAfter() > clock.now() + LONGEST_REQUEST) {
            return refused(Reason.TOO_LATE, "it came after its time");
        }
        Reply reply = run(index, request);
        recents.computeIfAbsent(request.process(), name -> new Recent())
                .keep(request.sequence(), ReplyCodec.encode(reply), clock.now());
        return reply;
    }

    private Reply run(long index, Request request) {
        Command command = request.command();
        if (command instanceof Command.Read read) {
            return read(read);
        } else if (command instanceof Command.Claim claim) {
            return claim(index, request, claim);
        } else if (command instanceof Command.Touch touch) {
            return touch(index, request, touch);
        } else if (command instanceof Command.Release release) {
            return release(index, request, release);
        } else if (command instanceof Command.Put put) {
            return put(index, request, put);
        } else if (command instanceof Command.Purge purge) {
            return purge(index, request, purge);
        } else if (command instanceof Command.Reign reign) {
            clock.begin(reign.id());
            return new Reply.Done(index);
        } else if (command instanceof Command.Tick tick) {
            return tick(index, tick);
        } else if (command instanceof Command.EndSession end) {
            sessions.values().removeIf(session -> session.id() == end.session());
            removeBound(end.session());
            return new Reply.Done(index);
        }
        return new Reply.Count(sessions.size());
    }

    private Reply read(Command.Read read) {
        List<Reply.Found> found = new ArrayList<>();
        ScopeState scope = scopes.get(read.path());
        if (scope != null) {
            scope.items.forEach(
                    (key, item) ->
                            found.add(
                                    new Reply.Found(
                                            key, item.text(), item.version(), item.session())));
        }
        return new Reply.View(clock.now(), found);
    }

    private Reply claim(long index, Request request, Command.Claim claim) {
        String process = request.process();
        Optional<Session> session = Optional.ofNullable(sessions.get(process));
        if (session.filter(known -> known.lastClaim() > request.sequence()).isPresent()) {
            return refused(Reason.OVERTAKEN, "a newer request of this process was applied");
        }
        ScopeState scope = scopes.computeIfAbsent(claim.path(), path -> new ScopeState());
        Optional<Refusal> refusal = refusal(scope, process, session, claim.member());
        if (refusal.isPresent()) {
            forgetIfEmpty(claim.path());
            return refused(refusal.get().reason(), refusal.get().detail());
        }
        long until = clock.now() + Clock.life(claim.ttl());
        Session mine = refreshed(index, process, until).claimed(request.sequence());
        sessions.put(process, mine);
        Item record = seated(index, request, claim, scope, mine, until);
        claim.status().ifPresent(text -> writeIfNew(index, request, claim.path(), "status", text));
        claim.failsafe()
                .ifPresent(text -> writeIfNew(index, request, claim.path(), "failsafe", text));
        return new Reply.Granted(scope.seat.orElseThrow().epoch(), record.version());
    }

    private record Refusal(Reason reason, String detail) {}

    private static Optional<Refusal> refusal(
            ScopeState scope, String process, Optional<Session> session, String member) {
        Optional<String> leader = scope.leader();
        if (leader.isEmpty()) {
            return Optional.empty();
        }
        if (!leader.get().equals(member)) {
            return Optional.of(
                    new Refusal(Reason.HELD_BY_OTHER, "the leader record names " + leader.get()));
        }
        long bound = scope.item(ScopeState.LEADER).orElseThrow().session();
        boolean mine = scope.seat.filter(seat -> seat.process().equals(process)).isPresent();
        // The younger process of one name wins, or a dying one would take the record back.
        if (!mine && session.filter(known -> known.id() < bound).isPresent()) {
            return Optional.of(
                    new Refusal(Reason.NOT_MINE, "a younger process named " + member + " leads"));
        }
        return Optional.empty();
    }

    /** Makes the process the holder, or leaves it that, and gives the record. */
    private Item seated(
            long index,
            Request request,
            Command.Claim claim,
            ScopeState scope,
            Session mine,
            long until) {
        Optional<Item> before = scope.item(ScopeState.LEADER);
        boolean kept =
                before.filter(item -> item.session() == mine.id()).isPresent()
                        && scope.seat
                                .filter(seat -> seat.process().equals(request.process()))
                                .isPresent();
        // A lease never gets shorter: an older proof may still be believed by its holder.
        long end = Math.max(until, scope.seat.map(Seat::expiresAt).orElse(until));
        if (kept) {
            scope.seat = Optional.of(new Seat(request.process(), scope.seat.get().epoch(), end));
            return before.orElseThrow();
        }
        Item record = new Item(claim.member(), index, mine.id());
        scope.items.put(ScopeState.LEADER, record);
        scope.seat = Optional.of(new Seat(request.process(), index, end));
        boolean sameName = before.filter(b -> b.text().equals(claim.member())).isPresent();
        if (!sameName) {
            changed(claim.path(), ScopeState.LEADER, Change.Kind.CREATED, request.process());
        }
        return record;
    }

    private Session refreshed(long index, String process, long until) {
        Session known = sessions.get(process);
        return (known == null ? new Session(index, until, 0, 0) : known).until(until);
    }

    private Reply touch(long index, Request request, Command.Touch touch) {
        String process = request.process();
        Session known = sessions.get(process);
        if (known != null && known.lastTouch() > request.sequence()) {
            return refused(Reason.OVERTAKEN, "a newer record of this process was written");
        }
        String key = ScopeState.MEMBERS + touch.member();
        Optional<Item> before =
                Optional.ofNullable(scopes.get(touch.path())).flatMap(scope -> scope.item(key));
        if (known != null && before.filter(item -> item.session() > known.id()).isPresent()) {
            return refused(Reason.NOT_MINE, "a younger process named " + touch.member() + " runs");
        }
        long until = clock.now() + Clock.life(touch.ttl());
        Session mine = refreshed(index, process, until).touched(request.sequence());
        sessions.put(process, mine);
        boolean same =
                before.filter(
                                item ->
                                        item.text().equals(touch.text())
                                                && item.session() == mine.id())
                        .isPresent();
        if (!same) {
            write(index, request, touch.path(), key, touch.text(), mine.id());
        }
        return new Reply.Done(same ? before.orElseThrow().version() : index);
    }

    private Reply release(long index, Request request, Command.Release release) {
        Session known = sessions.get(request.process());
        if (known != null) {
            if (known.lastClaim() > request.sequence()) {
                return refused(Reason.OVERTAKEN, "a newer request of this process was applied");
            }
            sessions.put(request.process(), known.claimed(request.sequence()));
        }
        ScopeState scope = scopes.get(release.path());
        if (scope == null || scope.leader().isEmpty()) {
            return new Reply.Done(index);
        }
        boolean mine =
                scope.leader().get().equals(release.member())
                        && scope.seat
                                .filter(seat -> seat.process().equals(request.process()))
                                .isPresent();
        if (!mine) {
            return refused(Reason.NOT_MINE, "the leader record names " + scope.leader().get());
        }
        release.status()
                .ifPresent(text -> writeIfNew(index, request, release.path(), "status", text));
        remove(release.path(), ScopeState.LEADER, request.process());
        return new Reply.Done(index);
    }

    private Reply put(long index, Request request, Command.Put put) {
        if (put.key().equals(ScopeState.LEADER) || put.key().startsWith(ScopeState.MEMBERS)) {
            return refused(Reason.FORBIDDEN, put.key() + " is bound to a session");
        }
        Optional<Item> before =
                Optional.ofNullable(scopes.get(put.path())).flatMap(scope -> scope.item(put.key()));
        if (put.condition() instanceof Condition.Absent && before.isPresent()) {
            return refused(Reason.EXISTS, put.key() + " exists");
        }
        if (put.condition() instanceof Condition.Unchanged wanted) {
            if (before.isEmpty()) {
                return refused(Reason.MISSING, put.key() + " does not exist");
            }
            if (before.get().version() != wanted.version()) {
                return refused(
                        Reason.VERSION_CHANGED,
                        put.key() + " has version " + before.get().version());
            }
        }
        if (put.text().isPresent()) {
            write(index, request, put.path(), put.key(), put.text().get(), 0);
        } else if (before.isPresent()) {
            remove(put.path(), put.key(), request.process());
        }
        return new Reply.Done(index);
    }

    private Reply purge(long index, Request request, Command.Purge purge) {
        String below = purge.path() + "/";
        List<String> paths =
                scopes.keySet().stream()
                        .filter(path -> path.equals(purge.path()) || path.startsWith(below))
                        .toList();
        for (String path : paths) {
            scopes.remove(path);
            changed(path, "", Change.Kind.DELETED, request.process());
        }
        return new Reply.Done(index);
    }

    private Reply tick(long index, Command.Tick tick) {
        if (!clock.advance(tick)) {
            return refused(Reason.OVERTAKEN, "another member leads");
        }
        expireSeats();
        expireSessions();
        if (tick.sequence() % SWEEP_TICKS == 0) {
            recents.values().removeIf(recent -> recent.used + MEMORY < clock.now());
        }
        return new Reply.Done(index);
    }

    private void expireSeats() {
        for (String path : List.copyOf(scopes.keySet())) {
            Optional<Seat> seat = scopes.get(path).seat;
            if (seat.filter(held -> held.expiresAt() <= clock.now()).isPresent()) {
                remove(path, ScopeState.LEADER, "");
            }
        }
    }

    private void expireSessions() {
        List<Long> ended = new ArrayList<>();
        sessions.values()
                .removeIf(session -> session.expiresAt() <= clock.now() && ended.add(session.id()));
        ended.forEach(this::removeBound);
    }

    private void removeBound(long session) {
        for (Map.Entry<String, ScopeState> scope : List.copyOf(scopes.entrySet())) {
            List<String> keys =
                    scope.getValue().items.entrySet().stream()
                            .filter(item -> item.getValue().session() == session)
                            .map(Map.Entry::getKey)
                            .toList();
            keys.forEach(key -> remove(scope.getKey(), key, ""));
        }
    }

    private void writeIfNew(long index, Request request, String path, String key, String text) {
        boolean stands =
                Optional.ofNullable(scopes.get(path))
                        .flatMap(scope -> scope.item(key))
                        .filter(item -> item.text().equals(text))
                        .isPresent();
        if (!stands) {
            write(index, request, path, key, text, 0);
        }
    }

    private void write(
            long index, Request request, String path, String key, String text, long session) {
        ScopeState scope = scopes.computeIfAbsent(path, name -> new ScopeState());
        Item before = scope.items.put(key, new Item(text, index, session));
        changed(
                path,
                key,
                before == null ? Change.Kind.CREATED : Change.Kind.REWRITTEN,
                request.process());
    }

    private void remove(String path, String key, String process) {
        ScopeState scope = scopes.get(path);
        if (scope.items.remove(key) != null) {
            changed(path, key, Change.Kind.DELETED, process);
        }
        if (key.equals(ScopeState.LEADER)) {
            scope.seat = Optional.empty();
        }
        forgetIfEmpty(path);
    }

    private void forgetIfEmpty(String path) {
        if (scopes.get(path).isEmpty()) {
            scopes.remove(path);
        }
    }

    private void changed(String path, String key, Change.Kind kind, String process) {
        changes.add(new Change(path, key, kind, process));
    }

    private static Reply refused(Reason reason, String detail) {
        return new Reply.Refused(reason, detail);
    }
}
