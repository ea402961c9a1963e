package io.matriarch.conformance.history;

import io.matriarch.conformance.history.Reply.Result;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Snapshot;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One call as it was made. Times are nanoseconds on the clock of the history.
 *
 * @param number in the order of invocation
 * @param client the instance: the member's name and which of its processes
 * @param invoked before the call
 * @param completed after it returned or threw
 */
public record Asked(
        int number,
        String client,
        int seat,
        Action action,
        Optional<Change> change,
        long invoked,
        long completed,
        long deadline,
        Reply reply) {

    String member() {
        return Step.name(seat);
    }

    boolean ended(Result result) {
        return reply.result() == result;
    }

    boolean applied() {
        return ended(Result.APPLIED);
    }

    /** The proof of leadership that it yielded. */
    Optional<Lease> proof() {
        return reply.lease();
    }

    Optional<Snapshot> snapshot() {
        return reply.snapshot();
    }

    boolean isBefore(Asked other) {
        return completed - other.invoked < 0;
    }

    /** One line of an excerpt: when, who, what and how it ended. */
    String line(long origin) {
        StringBuilder line = new StringBuilder();
        line.append(
                String.format(
                        "%9.1f - %9.1f  %-9s %s",
                        millis(invoked - origin), millis(completed - origin), client, action));
        change.ifPresent(c -> line.append(' ').append(c));
        line.append(" -> ").append(reply.result());
        reply.lease()
                .ifPresent(
                        lease ->
                                line.append(
                                        String.format(
                                                " epoch %d until %.1f",
                                                lease.epoch(),
                                                millis(lease.validUntil() - origin))));
        reply.version().ifPresent(version -> line.append(" version ").append(version));
        snapshot().ifPresent(snapshot -> line.append(' ').append(shown(snapshot)));
        return (reply.detail().isEmpty() ? line : line.append(" (" + reply.detail() + ")"))
                .toString();
    }

    private static String shown(Snapshot snapshot) {
        String entries =
                Change.KINDS.stream()
                        .flatMap(kind -> snapshot.entry(kind).stream())
                        .map(e -> e.kind().key() + "=" + e.text() + "@" + e.version())
                        .collect(Collectors.joining(" "));
        return EntryKind.LEADER.key() + "=" + snapshot.leader().orElse("nobody") + " " + entries;
    }

    static double millis(long nanos) {
        return nanos / 1e6;
    }
}
