package io.matriarch.conformance.history;

import io.matriarch.spi.DcsTraits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The record of one history. Times are nanoseconds on one monotonic clock.
 *
 * @param calls in the order of their invocation
 * @param traits what the clients declared
 * @param began when it began
 * @param healed when the last fault was over
 * @param ended when the record ends
 */
public record History(
        List<Asked> calls,
        List<Trouble> troubles,
        List<Hint> hints,
        List<Lifetime> clients,
        List<Stall> stalls,
        Timing timing,
        DcsTraits traits,
        long began,
        long healed,
        long ended) {

    /** A stretch of time. */
    record Interval(long from, long to) {
        long length() {
            return to - from;
        }
    }

    Stream<Asked> proofs() {
        return calls.stream().filter(call -> call.applied() && call.proof().isPresent());
    }

    Stream<Asked> reads() {
        return calls.stream().filter(call -> call.applied() && call.snapshot().isPresent());
    }

    /** What a late event between two instants may be excused by; doubled, as it is sampled. */
    long excuse(long from, long to) {
        return 2 * stalls.stream().mapToLong(stall -> stall.within(from, to)).sum();
    }

    /** The stretches in which neither the servers nor the link of a seat were in trouble. */
    List<Interval> calm(int seat) {
        List<Interval> calm = new ArrayList<>();
        boolean linkWell = true;
        boolean serverWell = true;
        Optional<Long> since = Optional.of(began);
        List<Trouble> concerning =
                troubles.stream()
                        .filter(trouble -> trouble.concerns(seat))
                        .sorted(Comparator.comparingLong(Trouble::began))
                        .toList();
        for (Trouble trouble : concerning) {
            since.ifPresent(from -> calm.add(new Interval(from, trouble.began())));
            if (trouble.action().target() == Action.Target.SERVER) {
                serverWell = trouble.action().ends();
            } else {
                linkWell = trouble.action().ends();
            }
            since = linkWell && serverWell ? Optional.of(trouble.inForce()) : Optional.empty();
        }
        since.ifPresent(from -> calm.add(new Interval(from, ended)));
        return calm;
    }

    /** The stretches in which no answer could reach a seat. */
    List<Interval> severed(int seat) {
        List<Interval> severed = new ArrayList<>();
        for (Action.Target target : List.of(Action.Target.LINK, Action.Target.SERVER)) {
            List<Trouble> changes =
                    troubles.stream()
                            .filter(t -> t.concerns(seat) && t.action().target() == target)
                            .sorted(Comparator.comparingLong(Trouble::began))
                            .toList();
            for (int i = 0; i < changes.size(); i++) {
                if (changes.get(i).action().severs()) {
                    long to = i + 1 < changes.size() ? changes.get(i + 1).began() : ended;
                    severed.add(new Interval(changes.get(i).inForce(), to));
                }
            }
        }
        return severed;
    }

    /** The lines around some calls, for a reader of a failure. */
    String excerpt(List<Asked> about) {
        long from = about.stream().mapToLong(Asked::invoked).min().orElse(began);
        long to = about.stream().mapToLong(Asked::completed).max().orElse(ended);
        long margin = timing.ttl().toNanos() / 4;
        record Line(long at, String text) {}
        List<Line> lines = new ArrayList<>();
        calls.stream()
                .filter(call -> call.completed() >= from - margin && call.invoked() <= to + margin)
                .map(
                        call ->
                                new Line(
                                        call.invoked(),
                                        (about.contains(call) ? "> " : "  ") + call.line(began)))
                .forEach(lines::add);
        troubles.stream()
                .filter(trouble -> trouble.began() <= to + margin)
                .map(trouble -> new Line(trouble.began(), "  " + line(trouble)))
                .forEach(lines::add);
        return lines.stream()
                .sorted(Comparator.comparingLong(Line::at))
                .map(Line::text)
                .collect(java.util.stream.Collectors.joining("\n"));
    }

    private String line(Trouble trouble) {
        String whom =
                trouble.action().target() == Action.Target.SERVER
                        ? "servers"
                        : "link of " + Step.name(trouble.seat());
        return String.format(
                "%9.1f - %9.1f  %s %s",
                Asked.millis(trouble.began() - began),
                Asked.millis(trouble.inForce() - began),
                whom,
                trouble.action());
    }
}
