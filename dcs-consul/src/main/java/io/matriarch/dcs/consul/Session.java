package io.matriarch.dcs.consul;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one Consul session that the leader and the member record of this process are bound to.
 *
 * <p>Consul ends a session after twice its ttl, so it is asked for with half the ttl that was
 * configured, as the peer does.
 *
 * <p>A server that has begun to end a session still grants its renewal, and ends it all the same.
 * So a renewal counts only if its reply came while the session surely had time left, counted from
 * before the renewal that counted last was sent. Thread-safe.
 */
final class Session {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);

    /** How many times its ttl a session lives on after a renewal. */
    private static final int LIVES = 2;

    /** The smallest ttl of a session unless the servers are configured otherwise. */
    static final Duration USUAL_SMALLEST = Duration.ofSeconds(10);

    /**
     * A session as it was created. Both durations are of the session.
     *
     * @param renewedAt when the creation or the newest renewal that counts was sent
     */
    private record Created(String id, Duration wanted, Duration granted, AtomicLong renewedAt) {
        Duration life() {
            return granted.multipliedBy(LIVES);
        }

        /** A proof from before counts on; one that comes late does not take it back. */
        void renewed(long sentAt) {
            renewedAt.accumulateAndGet(sentAt, (known, now) -> now - known > 0 ? now : known);
        }
    }

    private final Calls calls;
    private final Ticker ticker;
    private final String name;
    private final List<String> checks;
    private final ReentrantLock creating = new ReentrantLock();
    private final AtomicReference<Optional<Created>> created =
            new AtomicReference<>(Optional.empty());
    private volatile Optional<Duration> smallest = Optional.empty();
    private volatile Duration wanted;

    /**
     * @param name shown to operators, {@code SCOPE-MEMBER}
     * @param ttl as configured
     */
    Session(Calls calls, Ticker ticker, String name, List<String> checks, Duration ttl) {
        this.calls = calls;
        this.ticker = ticker;
        this.name = name;
        this.checks = checks;
        this.wanted = ttl.dividedBy(LIVES);
    }

    /**
     * Asks for another ttl: the next {@link #alive} creates a new session. The old one runs out on
     * its own, so that the records bound to it live until they are moved.
     */
    void ttl(Duration ttl) {
        wanted = ttl.dividedBy(LIVES);
    }

    Duration wantedTtl() {
        return wanted.multipliedBy(LIVES);
    }

    /** The time that the store keeps, or else that it is going to be asked for. */
    Duration effectiveTtl() {
        return created.get()
                .filter(known -> known.wanted().equals(wanted))
                .map(Created::granted)
                .orElseGet(this::asked)
                .multipliedBy(LIVES);
    }

    /** The smallest ttl that the store grants, as far as is known. */
    Duration smallestTtl() {
        Duration usual =
                created.get()
                        .map(Created::granted)
                        .filter(granted -> granted.compareTo(USUAL_SMALLEST) < 0)
                        .orElse(USUAL_SMALLEST);
        return smallest.orElse(usual).multipliedBy(LIVES);
    }

    /** How long the store keeps a critical service, as the peer counts it. */
    Duration sessionTtl() {
        return effectiveTtl().dividedBy(LIVES);
    }

    private Duration asked() {
        return smallest.filter(least -> least.compareTo(wanted) > 0).orElse(wanted);
    }

    /** Forgets a session that the store says does not exist. */
    void forget(String id) {
        created.updateAndGet(known -> known.filter(session -> !session.id().equals(id)));
    }

    /** Renews the session, or creates one if there is none or the ttl was changed; gives its id. */
    String alive(Deadline deadline) {
        Optional<Created> known = created.get().filter(session -> session.wanted().equals(wanted));
        if (known.isPresent()) {
            if (renewed(known.get(), deadline)) {
                return known.get().id();
            }
            LOG.warn("the session of this member in Consul has run out, creating a new one");
            forget(known.get().id());
        }
        return create(deadline);
    }

    private boolean renewed(Created session, Deadline deadline) {
        long lastSentAt = session.renewedAt().get();
        long sentAt = ticker.nanos();
        Answer answer =
                calls.call(
                        "renewing the session",
                        Calls.Repeat.HARMLESS,
                        Ask.put("/v1/session/renew/" + session.id(), ""),
                        deadline);
        if (answer.missing() || answer.aboutASession()) {
            return false;
        }
        if (!answer.ok()) {
            throw new StoreRejected(answer.toString());
        }
        if (ticker.nanos() - lastSentAt >= session.life().toNanos()) {
            return false;
        }
        session.renewed(sentAt);
        return true;
    }

    private String create(Deadline deadline) {
        lockWithin(deadline);
        try {
            Optional<Created> known =
                    created.get().filter(session -> session.wanted().equals(wanted));
            if (known.isPresent() && renewed(known.get(), deadline)) {
                // Another call made it while this one waited.
                return known.get().id();
            }
            Duration target = wanted;
            Created fresh = createdWith(target, deadline);
            created.set(Optional.of(fresh));
            LOG.info(
                    "Consul created session {} with a ttl of {}",
                    fresh.id(),
                    text(fresh.granted()));
            return fresh.id();
        } finally {
            creating.unlock();
        }
    }

    /** A session that was created by a request whose reply was lost runs out unused. */
    private Created createdWith(Duration target, Deadline deadline) {
        while (true) {
            Duration ttl = asked();
            long sentAt = ticker.nanos();
            Answer answer =
                    calls.call(
                            "creating a session",
                            Calls.Repeat.HARMLESS,
                            Ask.put("/v1/session/create", body(ttl)),
                            deadline);
            if (answer.ok()) {
                return new Created(id(answer), target, ttl, new AtomicLong(sentAt));
            }
            Optional<Duration> least =
                    SmallestTtl.in(answer.text()).filter(t -> t.compareTo(ttl) > 0);
            if (least.isEmpty() && !answer.text().contains("Invalid Session TTL")) {
                throw new StoreRejected(answer.toString());
            }
            raise(ttl, least.orElse(USUAL_SMALLEST), answer);
        }
    }

    private void raise(Duration refused, Duration least, Answer answer) {
        if (least.compareTo(refused) <= 0) {
            throw new DcsException.Misconfigured(
                    "Consul grants no session with a ttl of "
                            + text(refused)
                            + ", half of the configured ttl ("
                            + answer
                            + "); change ttl in the dynamic configuration");
        }
        LOG.warn(
                "Consul grants no session shorter than {}, so the ttl is {} s",
                text(least),
                least.multipliedBy(LIVES).toSeconds());
        smallest = Optional.of(least);
    }

    private static String id(Answer answer) {
        try {
            JsonElement body = JsonParser.parseString(answer.text());
            return body.getAsJsonObject().get("ID").getAsString();
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw new StoreRejected("what answered is not Consul's API: " + answer);
        }
    }

    /**
     * Without a list of checks Consul adds the health of its own agent, which flaps. A Consul that
     * knows the newer list, NodeChecks, adds it there, too, unless that one is given or both are
     * empty.
     */
    private String body(Duration ttl) {
        JsonArray list = new JsonArray();
        checks.forEach(list::add);
        JsonObject json = new JsonObject();
        json.addProperty("Name", name);
        json.add("Checks", list);
        if (!checks.isEmpty()) {
            json.add("NodeChecks", list);
        }
        json.addProperty("LockDelay", "0.001s");
        json.addProperty("Behavior", "delete");
        json.addProperty("TTL", text(ttl));
        return json.toString();
    }

    /** In the form of the peer: {@code 15.0s}. */
    static String text(Duration ttl) {
        BigDecimal seconds = BigDecimal.valueOf(ttl.toMillis(), 3).stripTrailingZeros();
        return (seconds.scale() < 1 ? seconds.setScale(1) : seconds).toPlainString() + "s";
    }

    private void lockWithin(Deadline deadline) {
        try {
            if (!creating.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw new DcsException.NotApplied("another call waits for a session of Consul");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DcsException.NotApplied("interrupted while waiting for a session", e);
        }
    }
}
