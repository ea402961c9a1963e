package io.matriarch.engine.shell;

import io.matriarch.engine.codec.ClusterCodec;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.port.Scheduler;
import io.matriarch.engine.port.StoreAnswer;
import io.matriarch.engine.port.StorePort;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the own member record true: at once when something changed that others act on, else once
 * per loop (positions move all the time). Lives on the decision lane.
 */
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final Scheduler scheduler;
    private final StorePort store;
    private final Supplier<Duration> budget;

    private Optional<Member> published = Optional.empty();
    private long publishedAt;
    private boolean busy;

    Publisher(Scheduler scheduler, StorePort store, Supplier<Duration> budget) {
        this.scheduler = scheduler;
        this.store = store;
        this.budget = budget;
    }

    /** The store lost the record, or the session changed. */
    void forget() {
        published = Optional.empty();
    }

    void publish(Member me, Optional<String> proxyUrl, Duration loopWait) {
        boolean due = scheduler.nanos() - publishedAt >= loopWait.toNanos() * 9 / 10;
        boolean news = published.isEmpty() || !steady(published.get()).equals(steady(me));
        if (busy || !(due || news)) {
            return;
        }
        busy = true;
        publishedAt = scheduler.nanos();
        published = Optional.of(me);
        MemberEntry entry = ClusterCodec.member(me, proxyUrl);
        store.submit(
                StorePort.Lane.VIEW,
                budget.get(),
                (dcs, deadline) -> dcs.touch(entry, deadline),
                this::answered);
    }

    private void answered(StoreAnswer<Outcome<Outcome.Done>> answer) {
        busy = false;
        if (answer.answer().filter(Outcome::isApplied).isEmpty()) {
            LOG.warn("could not publish the member record: {}", answer);
            published = Optional.empty();
        }
    }

    /** The record without what changes all the time. */
    private static Member steady(Member m) {
        Optional<Lsn> none = Optional.empty();
        return new Member(
                m.name(),
                m.connUrl(),
                m.apiUrl(),
                m.state(),
                m.role(),
                m.version(),
                m.tags(),
                none,
                none,
                none,
                m.replicationState(),
                m.timeline(),
                m.checkpointAfterPromote(),
                Map.copyOf(m.pendingRestart()),
                m.scheduledRestart(),
                m.pause());
    }
}
