package io.matriarch.dcs.kubernetes;

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
import io.matriarch.spi.Scope;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import io.matriarch.spi.Version;
import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * One scope in the objects of a Kubernetes namespace. Kubernetes ends no lease: every member times
 * the leader record itself, from the moment at which it saw it change ({@link Observation}). A
 * member that has just started, or was cut off, therefore grants a leader up to one ttl more.
 *
 * <p>A snapshot is two listings: all entries are of one moment, the Pods of one just before.
 */
final class KubernetesDcs implements Dcs {
    private static final Duration SMALLEST_TTL = Duration.ofSeconds(1);

    /** The parts that only a member has. */
    private record Membership(
            MemberPod pod, LeaderObject leader, Optional<ConfigService> service) {}

    private final Scope scope;
    private final KubernetesSettings section;
    private final Ticker ticker;
    private final Names names;
    private final Wire wire;
    private final Calls calls;
    private final Store store;
    private final Known known = new Known();
    private final Entries entries;
    private final Observation observation;
    private final Map<Scope, Observation> elsewhere = new ConcurrentHashMap<>();
    private final LeaseEnd leaseEnd;
    private final Discovery discovery;
    private final ScopeWatch watch;
    private final Optional<Membership> membership;
    private volatile DcsSettings settings;

    private KubernetesDcs(
            DcsConfig config,
            KubernetesSettings section,
            Surroundings surroundings,
            DcsListener listener) {
        this.scope = config.scope();
        this.section = section;
        this.ticker = config.ticker();
        this.settings = config.settings();
        this.names = new Names(scope, section);
        this.wire = new Wire(new Access(section, surroundings));
        Servers servers = new Servers(this::configured);
        this.calls = new Calls(wire, servers, section.retriable());
        this.store = new Store(calls, section.objects());
        this.entries = new Entries(names, store, known);
        this.leaseEnd = new LeaseEnd(listener);
        this.observation = new Observation(ticker, wholeTtl(), leaseEnd);
        boolean bypass = section.bypass() && config.member().isPresent();
        this.discovery = new Discovery(calls, servers, ticker, bypass);
        this.watch =
                new ScopeWatch(
                        names,
                        store,
                        wire,
                        servers,
                        known,
                        observation,
                        discovery,
                        ticker,
                        listener);
        this.membership = config.member().map(this::membership);
        applyTiming(config.settings());
    }

    /** Reads the files of the credentials, so that unusable ones are told at once. */
    static Dcs open(DcsConfig config, Surroundings surroundings, DcsListener listener) {
        KubernetesSettings section = KubernetesSettings.of(config.section(), config.scope().name());
        KubernetesDcs dcs = new KubernetesDcs(config, section, surroundings, listener);
        try {
            dcs.wire.configured();
        } catch (DcsException e) {
            dcs.close();
            throw e;
        }
        dcs.watch.start();
        return dcs;
    }

    private Server configured() {
        URI known = wire.configured();
        return section.apiServer()
                .map(way -> Server.rerouted(known, way))
                .orElseGet(() -> Server.configured(known));
    }

    private Membership membership(String name) {
        MemberPod pod =
                new MemberPod(
                        name,
                        names,
                        section.roles(),
                        calls,
                        () -> observation.holder().filter(name::equals).isPresent());
        LeaderObject leader =
                new LeaderObject(
                        name,
                        names,
                        store,
                        known,
                        observation,
                        new Subsets(section, name),
                        pod::pod,
                        calls,
                        ticker,
                        wholeTtl());
        boolean wantsService = section.objects() == KubernetesSettings.Objects.ENDPOINTS;
        return new Membership(
                pod,
                leader,
                wantsService ? Optional.of(new ConfigService(names, calls)) : Optional.empty());
    }

    /** The record carries whole seconds. */
    private Duration wholeTtl() {
        Duration ttl = settings.ttl();
        Duration whole = Duration.ofSeconds(ttl.plusSeconds(1).minusNanos(1).toSeconds());
        return whole.compareTo(SMALLEST_TTL) < 0 ? SMALLEST_TTL : whole;
    }

    @Override
    public DcsTraits traits() {
        return new DcsTraits(
                wholeTtl(),
                SMALLEST_TTL,
                false,
                true,
                "each member times the leader record on its own clock, so one that has just started"
                        + " waits a whole ttl; a member's record stays as long as its Pod does");
    }

    @Override
    public Snapshot read(Scope wanted, Deadline deadline) {
        boolean own = wanted.equals(scope);
        Names of = own ? names : new Names(wanted, section);
        Observation judge =
                own
                        ? observation
                        : elsewhere.computeIfAbsent(
                                wanted,
                                s -> new Observation(ticker, wholeTtl(), (left, revived) -> {}));
        return answered(
                () -> {
                    long sentAt = ticker.nanos();
                    Store.Listing pods =
                            store.list("reading the Pods", of.pods(), of.query(), deadline);
                    Store.Listing objects =
                            store.list("reading the scope", of.objects(), of.query(), deadline);
                    judge.saw(objects.object(of.leader()), objects.version());
                    if (own) {
                        known.sawAll(objects.objects(), objects.version());
                        membership.ifPresent(m -> m.pod().saw(pods.objects()));
                    }
                    return snapshot(of, objects, pods, judge, sentAt);
                });
    }

    private static Snapshot snapshot(
            Names of, Store.Listing objects, Store.Listing pods, Observation judge, long sentAt) {
        Map<EntryKind, Entry> entries = new EnumMap<>(EntryKind.class);
        for (Layout layout : Layout.values()) {
            objects.object(of.of(layout.kind()))
                    .map(StoredObject::annotations)
                    .ifPresent(
                            annotations ->
                                    layout.text(annotations)
                                            .ifPresent(
                                                    text ->
                                                            entries.put(
                                                                    layout.kind(),
                                                                    entry(
                                                                            layout,
                                                                            text,
                                                                            annotations))));
        }
        LeaderRecord record = LeaderRecord.of(objects.object(of.leader()));
        if (!record.free() && !judge.ended(record)) {
            entries.put(
                    EntryKind.LEADER,
                    new Entry(
                            EntryKind.LEADER, record.leader(), record.version(), Optional.empty()));
        }
        TreeMap<String, Entry> members = new TreeMap<>();
        pods.objects()
                .forEach(
                        pod ->
                                MemberPod.entry(pod)
                                        .ifPresent(entry -> members.put(pod.name(), entry)));
        return new Snapshot(entries, members, sentAt);
    }

    private static Entry entry(Layout layout, String text, Map<String, String> annotations) {
        return new Entry(
                layout.kind(), text, layout.version(annotations).orElseThrow(), Optional.empty());
    }

    @Override
    public Outcome<Lease> acquire(Snapshot judged, Deadline deadline) {
        return answered(() -> member().leader().acquire(deadline));
    }

    @Override
    public Outcome<Lease> renew(Snapshot seen, LeaderUpdate update, Deadline deadline) {
        return answered(() -> member().leader().renew(update, deadline));
    }

    @Override
    public Outcome<Outcome.Done> release(
            Lease lease, Optional<Value> lastStatus, Deadline deadline) {
        return answered(() -> member().leader().release(lastStatus, deadline));
    }

    @Override
    public Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        mustNotHavePassed(deadline);
        return answered(() -> member().pod().touch(me, deadline));
    }

    @Override
    public Outcome<Version> write(
            EntryKind kind, Optional<Value> value, Guard guard, Deadline deadline) {
        mustNotHavePassed(deadline);
        Outcome<Version> outcome = answered(() -> entries.write(kind, value, guard, deadline));
        if (outcome.isApplied()
                && value.isPresent()
                && names.of(kind).equals(names.of(EntryKind.CONFIG))) {
            membership.flatMap(Membership::service).ifPresent(service -> service.ensure(deadline));
        }
        return outcome;
    }

    /** Pods stay: they are not the scope's own. */
    @Override
    public Outcome<Outcome.Done> purge(Deadline deadline) {
        return answered(
                () -> {
                    String what = "removing the scope";
                    Reply reply =
                            calls.call(
                                    ApiRequest.delete(what, names.objects() + "?" + names.query()),
                                    deadline);
                    if (!reply.good()) {
                        throw Store.refused(what, reply);
                    }
                    return Outcome.done();
                });
    }

    /** Nothing that needs no request may be answered late either (D3). */
    private static void mustNotHavePassed(Deadline deadline) {
        if (deadline.passed()) {
            throw new DcsException.NotApplied("the deadline had passed, nothing was sent");
        }
    }

    /** An answer that is not of the Kubernetes API is none. */
    private static <T> T answered(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (UnusableAnswer e) {
            throw new DcsException.OutcomeUnknown(
                    "what answers is not a Kubernetes API: " + e.getMessage(), e);
        }
    }

    private Membership member() {
        return membership.orElseThrow(
                () -> new IllegalStateException("a read-only client has no lease and no record"));
    }

    @Override
    public void reconfigure(DcsSettings changed) {
        settings = changed;
        membership.ifPresent(m -> m.leader().ttl(wholeTtl()));
        applyTiming(changed);
    }

    private void applyTiming(DcsSettings timing) {
        observation.ttl(wholeTtl());
        discovery.timing(timing.loopWait());
        watch.timing(timing.loopWait(), timing.ttl());
    }

    @Override
    public void close() {
        watch.close();
        leaseEnd.close();
        calls.close();
        wire.close();
    }
}
