package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Command.Condition;
import io.matriarch.dcs.raft.machine.Reply;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.LeaderUpdate;
import io.matriarch.spi.Lease;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Outcome.Refusal;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One scope in the embedded store.
 *
 * <p>A lease is counted from before its request was sent first, on the caller's clock; the store
 * keeps it for longer than that by the margin of its replicated clock, so nobody else can have it
 * before. It ends within about two seconds after its ttl while the store has a leader; while it has
 * none, the replicated clock stands and no lease ends at all.
 */
final class RaftDcs implements Dcs {
    private static final Logger LOG = LoggerFactory.getLogger(RaftDcs.class);

    /** Below this the margin of the replicated clock is longer than the lease. */
    private static final Duration SMALLEST_TTL = Duration.ofSeconds(1);

    /** A claim carries two of them, and an entry of the log must stay below 1.5 MB. */
    private static final int LARGEST_TEXT = 512 << 10;

    private final Scope scope;
    private final Optional<String> member;
    private final Ticker ticker;
    private final Optional<StoreMember> store;
    private final Wire wire;
    private final Submission log;
    private final ScopeWatch watch;
    private volatile DcsSettings settings;

    private RaftDcs(
            DcsConfig config,
            RaftSettings section,
            Wire wire,
            Optional<StoreMember> store,
            DcsListener listener) {
        this.scope = config.scope();
        this.member = config.member();
        this.ticker = config.ticker();
        this.settings = config.settings();
        this.store = store;
        this.wire = wire;
        this.log = new Submission(wire, section.members(), ticker);
        this.watch =
                new ScopeWatch(
                        scope.path(),
                        wire,
                        section.members(),
                        log.process(),
                        log.clock(),
                        listener);
        watch.timing(settings.loopWait());
    }

    static RaftDcs open(DcsConfig config, DcsListener listener) {
        RaftSettings section = RaftSettings.of(config.section());
        boolean votes =
                section.self().isPresent() && (config.member().isPresent() || section.witness());
        var security = Security.of(section);
        Optional<StoreMember> store =
                votes ? Optional.of(StoreMember.open(section, security)) : Optional.empty();
        RaftDcs dcs =
                new RaftDcs(config, section, new Wire(security, section.routes()), store, listener);
        dcs.watch.start();
        return dcs;
    }

    @Override
    public DcsTraits traits() {
        return new DcsTraits(settings.ttl(), SMALLEST_TTL, false, true, "");
    }

    @Override
    public Snapshot read(Scope wanted, Deadline deadline) {
        long sentAt = ticker.nanos();
        Reply reply =
                log.read(new Command.Read(wanted.path()), "reading the scope", deadline).reply();
        Reply.View view = (Reply.View) reply;
        Map<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        TreeMap<String, Entry> members = new TreeMap<>();
        for (Reply.Found found : view.entries()) {
            Optional<EntryKind> kind = EntryKind.ofKey(found.key());
            if (kind.isEmpty()) {
                continue;
            }
            if (kind.get() == EntryKind.MEMBER) {
                String name = found.key().substring(EntryKind.MEMBER.key().length());
                members.put(name, entry(kind.get(), found));
            } else {
                entries.put(kind.get(), entry(kind.get(), found));
            }
        }
        return new Snapshot(entries, members, sentAt);
    }

    private static Entry entry(EntryKind kind, Reply.Found found) {
        return new Entry(
                kind,
                found.text(),
                version(found.version()),
                found.session() == 0
                        ? Optional.empty()
                        : Optional.of(Long.toHexString(found.session())));
    }

    private static Version version(long index) {
        return new Version(Long.toString(index));
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return claim("taking the lease", LeaderUpdate.NONE, deadline);
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return claim("renewing the lease", update, deadline);
    }

    private Outcome<Lease> claim(String what, LeaderUpdate update, Deadline deadline) {
        String name = member();
        Duration ttl = settings.ttl();
        Command.Claim claim =
                new Command.Claim(
                        scope.path(),
                        name,
                        ttl.toNanos(),
                        storable(EntryKind.STATUS, update.status()),
                        storable(EntryKind.FAILSAFE, update.failsafe()));
        Submission.Result result = log.write(claim, what, deadline);
        if (result.reply() instanceof Reply.Granted granted) {
            return Outcome.applied(
                    new Lease(
                            name,
                            granted.epoch(),
                            result.sentAt() + ttl.toNanos(),
                            version(granted.version())));
        }
        return refused(what, result.reply());
    }

    /** What rides along must not cost the proof. */
    private static Optional<String> storable(EntryKind kind, Optional<Value> value) {
        Optional<String> text = value.map(Value::text);
        if (text.filter(RaftDcs::tooLarge).isPresent()) {
            LOG.warn("the new {} is larger than the store takes, and not written", kind.key());
            return Optional.empty();
        }
        return text;
    }

    private static boolean tooLarge(String text) {
        return text.length() > LARGEST_TEXT
                || text.getBytes(StandardCharsets.UTF_8).length > LARGEST_TEXT;
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        Command.Release release =
                new Command.Release(scope.path(), member(), storable(EntryKind.STATUS, lastStatus));
        return done("giving up the lease", release, deadline);
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        String what = "writing the member record";
        member();
        refuseTooLarge(what, me.value());
        Command.Touch touch =
                new Command.Touch(
                        scope.path(), me.name(), settings.ttl().toNanos(), me.value().text());
        return done(what, touch, deadline);
    }

    private Outcome<Outcome.Done> done(String what, Command command, Deadline deadline) {
        Reply reply = log.write(command, what, deadline).reply();
        return reply instanceof Reply.Done ? Outcome.done() : refused(what, reply);
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        String what = "writing " + kind.key();
        value.ifPresent(text -> refuseTooLarge(what, text));
        Command.Put put =
                new Command.Put(scope.path(), kind.key(), value.map(Value::text), condition(guard));
        Reply reply = log.write(put, what, deadline).reply();
        return reply instanceof Reply.Done done
                ? Outcome.applied(version(done.version()))
                : refused(what, reply);
    }

    private static void refuseTooLarge(String what, Value value) {
        if (tooLarge(value.text())) {
            throw new DcsException.NotApplied(what + ": it is larger than 512 KiB");
        }
    }

    private static Condition condition(Guard guard) {
        if (guard instanceof Guard.Unchanged unchanged) {
            String token = unchanged.version().token();
            // A token of another store is no version of this one.
            boolean known = token.matches("\\d{1,18}");
            return new Condition.Unchanged(known ? Long.parseLong(token) : -1);
        }
        return guard == Guard.absent() ? new Condition.Absent() : new Condition.Always();
    }

    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return done("removing the scope", new Command.Purge(scope.path()), deadline);
    }

    private static <T> Outcome<T> refused(String what, Reply reply) {
        if (!(reply instanceof Reply.Refused refused)) {
            throw new DcsException.OutcomeUnknown(what + ": the store answered " + reply);
        }
        return switch (refused.reason()) {
            case HELD_BY_OTHER -> Outcome.refused(Refusal.HELD_BY_OTHER, refused.detail());
            case NOT_MINE -> Outcome.refused(Refusal.NOT_MINE, refused.detail());
            case VERSION_CHANGED -> Outcome.refused(Refusal.VERSION_CHANGED, refused.detail());
            case EXISTS -> Outcome.refused(Refusal.EXISTS, refused.detail());
            case MISSING -> Outcome.refused(Refusal.MISSING, refused.detail());
            case OVERTAKEN, TOO_LATE, FORBIDDEN ->
                    throw new DcsException.NotApplied(what + ": " + refused.detail());
        };
    }

    private String member() {
        return member.orElseThrow(
                () -> new IllegalStateException("a read-only client has no lease and no record"));
    }

    @Override
    public void reconfigure(DcsSettings changed) {
        settings = changed;
        watch.timing(changed.loopWait());
    }

    @Override
    public void close() {
        watch.close();
        wire.close();
        store.ifPresent(StoreMember::close);
    }
}
