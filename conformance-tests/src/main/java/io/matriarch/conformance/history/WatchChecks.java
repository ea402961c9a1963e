package io.matriarch.conformance.history;

import io.matriarch.conformance.history.History.Interval;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the history tells of hints. */
final class WatchChecks {
    private WatchChecks() {}

    /**
     * N1, N3, N4: a change that another instance made after a client's first snapshot is hinted at:
     * at once on a link that was well all the time, else when it has been well for long enough.
     */
    static List<Finding> noLostWakeUp(History history) {
        List<Finding> findings = new ArrayList<>();
        for (Lifetime client : history.clients()) {
            Optional<Asked> first =
                    history.reads()
                            .filter(read -> read.client().equals(client.client()))
                            .findFirst();
            first.ifPresent(
                    read ->
                            history.calls().stream()
                                    .filter(call -> changes(call, client) && read.isBefore(call))
                                    .filter(call -> isLost(call, client, history))
                                    .map(call -> finding(call, client))
                                    .forEach(findings::add));
        }
        return findings;
    }

    private static boolean changes(Asked call, Lifetime client) {
        return call.action() == Action.WRITE
                && call.applied()
                && !call.client().equals(client.client());
    }

    private static boolean isLost(Asked change, Lifetime client, History history) {
        Optional<Long> latest = latestHint(change, client, history);
        if (latest.isEmpty() || latest.get() - Math.min(client.closed(), history.ended()) > 0) {
            return false;
        }
        long end = latest.get() + history.excuse(change.invoked(), latest.get());
        return history.hints().stream()
                .filter(hint -> hint.client().equals(client.client()))
                .noneMatch(hint -> hint.at() - change.invoked() >= 0 && hint.at() - end <= 0);
    }

    /** By when the client has to know; empty if its link never was well for long enough. */
    private static Optional<Long> latestHint(Asked change, Lifetime client, History history) {
        long mending = history.timing().mending().toNanos();
        for (Interval calm : history.calm(client.seat())) {
            boolean wellBefore = calm.from() + mending - change.invoked() < 0;
            long bound = wellBefore ? Timing.PROMPT.toNanos() : mending;
            long from = Math.max(calm.from(), change.completed());
            if (calm.to() - from >= bound) {
                return Optional.of(from + bound);
            }
        }
        return Optional.empty();
    }

    private static Finding finding(Asked change, Lifetime client) {
        return new Finding(
                client.client()
                        + " was not told of a change, though its link was well for up to "
                        + Duration.ofNanos(client.closed() - change.completed()).toMillis()
                        + " ms since",
                List.of(change));
    }
}
