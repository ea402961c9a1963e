package io.matriarch.conformance;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.StoreControl.Ability;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one test works with: clients on a scope of its own, faults that are undone, and times.
 * Closed after each test. Clients may be opened by any thread.
 */
final class Bench implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bench.class);
    private static final Duration CLEAN_UP = Duration.ofSeconds(10);

    /** The durations that the author of the plug-in chose; see {@link DcsConformance}. */
    record Timing(
            Duration ttl,
            Duration slack,
            Duration loopWait,
            Duration timeout,
            Duration shortTimeout) {

        DcsSettings settings() {
            return settings(ttl);
        }

        DcsSettings settings(Duration otherTtl) {
            return new DcsSettings(otherTtl, loopWait, timeout);
        }
    }

    /**
     * What the store allows.
     *
     * @param namespaces the folder of the random ones
     * @param unwritable a value that it rejects
     * @param unknownMembers whether it may know none of the kit's members, and have no record for
     *     them
     * @param memberRecordsStay whether it is declared that these may outlive their processes
     */
    record Limits(
            String namespaces,
            Value unwritable,
            boolean unknownMembers,
            boolean memberRecordsStay) {}

    private final DcsProvider provider;
    private final Section section;
    private final StoreControl control;
    private final Timing timing;
    private final Limits limits;
    private final String random = UUID.randomUUID().toString().substring(0, 8);
    private final Set<Scope> scopes = new LinkedHashSet<>();
    private final List<Client> clients = new ArrayList<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();

    Bench(
            DcsProvider provider,
            Section section,
            StoreControl control,
            Timing timing,
            Limits limits) {
        this.provider = provider;
        this.section = section;
        this.control = control;
        this.timing = timing;
        this.limits = limits;
    }

    Timing timing() {
        return timing;
    }

    Value unwritable() {
        return limits.unwritable();
    }

    boolean memberRecordsStay() {
        return limits.memberRecordsStay();
    }

    StoreControl control() {
        return control;
    }

    DcsProvider provider() {
        return provider;
    }

    /** The section that reaches the store on the direct way. */
    Section section() {
        return section;
    }

    /** Another bench for the same store, in a namespace of its own, with another ttl. */
    Bench another(Duration ttl) {
        Timing other =
                new Timing(
                        ttl,
                        timing.slack(),
                        timing.loopWait(),
                        timing.timeout(),
                        timing.shortTimeout());
        return new Bench(provider, section, control, other, limits);
    }

    /** Skips the test unless the author can do this to the store. */
    StoreControl require(Ability ability) {
        assumeTrue(
                control.abilities().contains(ability),
                () -> "not tested: the StoreControl does not offer " + ability);
        return control;
    }

    /** Skips the test if a record was refused because the store does not know its member. */
    Outcome<Outcome.Done> requireKnown(Outcome<Outcome.Done> touched) {
        if (limits.unknownMembers() && touched instanceof Outcome.Refused<Outcome.Done> refused) {
            assumeTrue(
                    refused.reason() != Outcome.Refusal.MISSING,
                    () -> "not tested: the store has no place for records of the kit's members");
        }
        return touched;
    }

    boolean offers(Ability ability) {
        return control.abilities().contains(ability);
    }

    /** The scope that a test works in. */
    Scope scope() {
        return scope("batman");
    }

    /** Its name is random too: not every store has a place for the namespace (Kubernetes). */
    synchronized Scope scope(String name) {
        Scope scope = new Scope(limits.namespaces() + "/" + random, random + "-" + name);
        scopes.add(scope);
        return scope;
    }

    /** A client that is a member of {@link #scope()}. */
    Client member(String name) {
        return open(Optional.of(name), scope(), section);
    }

    /** A client that is a member of {@link #scope()} and reaches the store over a link. */
    Client member(String name, Link link) {
        return open(Optional.of(name), scope(), link.section());
    }

    Client member(String name, Scope scope) {
        return open(Optional.of(name), scope, section);
    }

    /** A read-only client of {@link #scope()}. */
    Client reader() {
        return open(Optional.empty(), scope(), section);
    }

    /** A read-only client with another section. */
    Client reader(Section other) {
        return open(Optional.empty(), scope(), other);
    }

    /** A client of {@link #scope()} whose closing is the caller's. */
    Dcs open(Optional<String> member, Section from, DcsListener listener) {
        return provider.open(config(member, scope(), from), listener);
    }

    private Client open(Optional<String> member, Scope scope, Section from) {
        Hints hints = new Hints();
        DcsConfig config = config(member, scope, from);
        Client client = new Client(provider.open(config, hints), config, hints, this);
        synchronized (this) {
            clients.add(client);
        }
        return client;
    }

    private DcsConfig config(Optional<String> member, Scope scope, Section from) {
        return new DcsConfig(scope, member, from, timing.settings(), Ticker.system());
    }

    /** A link that is healed and closed at the end. */
    Link link() {
        Link link = require(Ability.LINK).link();
        undo.push(link::close);
        undo.push(link::heal);
        return link;
    }

    void stop() {
        require(Ability.STOP);
        undo.push(control::start);
        control.stop();
    }

    void freeze() {
        require(Ability.FREEZE);
        undo.push(control::thaw);
        control.freeze();
    }

    void loseQuorum() {
        require(Ability.QUORUM);
        undo.push(control::regainQuorum);
        control.loseQuorum();
    }

    /** What a member of this test declares: a read-only client may be granted something else. */
    synchronized Optional<DcsTraits> traits() {
        return clients.stream()
                .filter(Client::isMember)
                .findFirst()
                .map(client -> client.dcs().traits());
    }

    /** Ends the fault that was begun last. */
    void undo() {
        undo.pop().run();
    }

    Deadline soon() {
        return Deadline.after(Ticker.system(), timing.timeout());
    }

    Deadline shortly() {
        return Deadline.after(Ticker.system(), timing.shortTimeout());
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
        // Clients first: a live member would write its record again after the purge.
        clients.forEach(Client::close);
        for (Scope scope : scopes) {
            purge(scope);
        }
    }

    private void purge(Scope scope) {
        DcsConfig config = config(Optional.empty(), scope, section);
        try (var dcs = provider.open(config, hint -> {})) {
            dcs.purge(Deadline.after(Ticker.system(), CLEAN_UP));
        } catch (DcsException e) {
            // Left-overs in a random namespace harm no other test; hiding its verdict would.
            LOG.warn("could not remove {}: {}", scope.path(), e.getMessage());
        }
    }
}
