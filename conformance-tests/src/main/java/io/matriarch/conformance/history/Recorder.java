package io.matriarch.conformance.history;

import io.matriarch.conformance.history.Reply.Result;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Outcome;
import io.matriarch.spi.Snapshot;
import io.matriarch.spi.Ticker;
import io.matriarch.spi.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Notes what happens in a history. Safe for use by any thread. */
final class Recorder {
    private final Ticker ticker;
    private final Timing timing;
    private final AtomicInteger numbers = new AtomicInteger();
    private final ConcurrentLinkedQueue<Asked> calls = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Hint> hints = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Lifetime> clients = new ConcurrentLinkedQueue<>();

    Recorder(World world) {
        this.ticker = world.ticker();
        this.timing = world.timing();
    }

    long now() {
        return ticker.nanos();
    }

    /** Makes a call with the patience of the history, and notes it. */
    Asked ask(
            String client,
            int seat,
            Action action,
            Optional<Change> change,
            Function<Deadline, Object> call) {
        int number = numbers.getAndIncrement();
        long invoked = now();
        Deadline deadline = Deadline.after(ticker, timing.patience());
        Reply reply = reply(() -> call.apply(deadline));
        Asked asked =
                new Asked(
                        number, client, seat, action, change, invoked, now(), deadline.at(), reply);
        calls.add(asked);
        return asked;
    }

    private static Reply reply(java.util.function.Supplier<Object> call) {
        try {
            return of(call.get());
        } catch (DcsException.NotApplied e) {
            return Reply.without(Result.NOT_APPLIED, e.getMessage());
        } catch (DcsException.OutcomeUnknown e) {
            return Reply.without(Result.UNKNOWN, e.getMessage());
        } catch (RuntimeException e) {
            // How a call fails is what rule O1 is about: a check judges it.
            return Reply.without(Result.BROKEN, e.toString());
        }
    }

    private static Reply of(Object answer) {
        if (answer instanceof Outcome.Refused<?> refused) {
            return Reply.without(Result.REFUSED, refused.reason() + ": " + refused.detail());
        }
        Object value = answer instanceof Outcome.Applied<?> applied ? applied.value() : answer;
        return new Reply(
                Result.APPLIED,
                Optional.of(value).filter(Lease.class::isInstance).map(Lease.class::cast),
                Optional.of(value).filter(Version.class::isInstance).map(Version.class::cast),
                Optional.of(value).filter(Snapshot.class::isInstance).map(Snapshot.class::cast),
                "");
    }

    void trouble(int seat, Action action, Runnable bringAbout) {
        long began = now();
        bringAbout.run();
        troubles.add(new Trouble(seat, action, began, now()));
    }

    void hint(String client) {
        hints.add(new Hint(client, now()));
    }

    void lived(String client, int seat, long opened) {
        clients.add(new Lifetime(client, seat, opened, now()));
    }

    boolean hinted(String client, long since) {
        return hints.stream().anyMatch(h -> h.client().equals(client) && h.at() - since >= 0);
    }

    History history(long began, long healed, DcsTraits traits, List<Stall> stalls) {
        List<Asked> ordered = new ArrayList<>(calls);
        ordered.sort(Comparator.comparingInt(Asked::number));
        return new History(
                ordered,
                List.copyOf(troubles),
                List.copyOf(hints),
                List.copyOf(clients),
                stalls,
                timing,
                traits,
                began,
                healed,
                now());
    }
}
