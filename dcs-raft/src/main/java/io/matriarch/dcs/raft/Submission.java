package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.Wire.Answer;
import io.matriarch.dcs.raft.Wire.Failure;
import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Machine;
import io.matriarch.dcs.raft.machine.Reply;
import io.matriarch.dcs.raft.machine.ReplyCodec;
import io.matriarch.dcs.raft.machine.Request;
import io.matriarch.dcs.raft.machine.RequestCodec;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Gets commands into the log and their replies back, within a deadline. A request keeps its number
 * when it is sent again, to the same member or another, so it is applied once at most. Thread-safe.
 */
final class Submission {
    private static final Duration SHORTEST_SHARE = Duration.ofMillis(250);
    private static final Duration LONGEST_SHARE = Duration.ofMillis(1500);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** A request that is late by this much is not applied any more. */
    private static final Duration LATE = Duration.ofSeconds(5);

    private static final Duration LONGEST_BUDGET = Duration.ofSeconds(30);
    private static final Duration FRESH = Duration.ofSeconds(20);

    /** What an applied command yielded, and when it was sent first on the clock of the caller. */
    record Result(Reply reply, long sentAt) {}

    private final String process = UUID.randomUUID().toString();
    private final AtomicLong sequences = new AtomicLong();
    private final Wire wire;
    private final List<Address> members;
    private final Ticker ticker;
    private final SeenClock clock;
    private volatile Address preferred;

    Submission(Wire wire, List<Address> members, Ticker ticker) {
        this.wire = wire;
        this.members = members;
        this.ticker = ticker;
        this.preferred = members.get(0);
        this.clock = new SeenClock(ticker, FRESH.toNanos() + 1);
    }

    /** The name under which the store knows this client. */
    String process() {
        return process;
    }

    /** The replicated clock, which others may have seen, too. */
    SeenClock clock() {
        return clock;
    }

    /** A command that may be applied any number of times and at any time. */
    Result read(Command command, String what, Deadline deadline) {
        Request request = new Request(process, 0, 0, command);
        Result result = new Attempts(request, what, false, deadline).run();
        if (result.reply() instanceof Reply.View view) {
            clock.read(view.now(), result.sentAt());
        }
        return result;
    }

    /** A command that is applied once at most. */
    Result write(Command command, String what, Deadline deadline) {
        long sequence = sequences.incrementAndGet();
        if (deadline.passed()) {
            throw new DcsException.NotApplied(what + ": the deadline has passed already");
        }
        refreshClock(what, deadline);
        Request request = new Request(process, sequence, notAfter(deadline), command);
        return new Attempts(request, what, true, deadline).run();
    }

    private void refreshClock(String what, Deadline deadline) {
        if (ticker.nanos() - clock.last().at() > FRESH.toNanos()) {
            read(new Command.Read(""), what, deadline);
        }
    }

    private long notAfter(Deadline deadline) {
        SeenClock.Sight last = clock.last();
        long elapsed = Math.max(0, ticker.nanos() - last.at());
        long budget = Math.min(deadline.remaining().toNanos(), LONGEST_BUDGET.toNanos());
        return last.clock() + Math.min(elapsed + budget + LATE.toNanos(), Machine.LONGEST_REQUEST);
    }

    /** One command's way through the members. */
    private final class Attempts {
        private final byte[] message;
        private final String what;
        private final boolean writes;
        private final Deadline deadline;

        /** Others may still send this command to one that froze, until they elect another. */
        private final Set<Address> silent = new HashSet<>();

        private long sentAt;
        private boolean maybeApplied;
        private boolean redirected;
        private final Set<Address> mistrustful = new HashSet<>();
        private String trouble = "no member of the store was asked in time";

        Attempts(Request request, String what, boolean writes, Deadline deadline) {
            this.message = RequestCodec.encode(request);
            this.what = what;
            this.writes = writes;
            this.deadline = deadline;
        }

        Result run() {
            sentAt = ticker.nanos();
            while (!deadline.passed()) {
                Address member = preferred;
                Answer answer = attempt(member);
                if (answer instanceof Answer.Content content) {
                    return new Result(ReplyCodec.decode(content.bytes()), sentAt);
                }
                if (answer instanceof Answer.NotLeader other) {
                    maybeApplied = true;
                    trouble = "no member of the store leads";
                    mistrustful.remove(member);
                    follow(member, other);
                } else if (answer instanceof Answer.Failed failed) {
                    note(member, failed);
                    moveOn(member);
                    pause();
                }
            }
            throw gaveUp().get();
        }

        private Answer attempt(Address member) {
            Duration left = deadline.remaining();
            Duration share = left.dividedBy(members.size());
            share = share.compareTo(LONGEST_SHARE) > 0 ? LONGEST_SHARE : share;
            boolean shortest = silent.contains(member) || share.compareTo(SHORTEST_SHARE) < 0;
            share = shortest ? SHORTEST_SHARE : share;
            share = share.compareTo(left) > 0 ? left : share;
            var answer = wire.send(member, Wire.Way.LOG, message, share);
            try {
                return answer.get(share.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                silent.add(member);
                return new Answer.Failed(Failure.UNKNOWN, member + " is silent");
            } catch (ExecutionException e) {
                throw new IllegalStateException("an answer never fails", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                maybeApplied = true;
                trouble = "interrupted";
                throw gaveUp().get();
            }
        }

        private void note(Address member, Answer.Failed failed) {
            trouble = failed.detail();
            mistrustful.remove(member);
            switch (failed.failure()) {
                case NOT_TRUSTED -> mistrustful.add(member);
                case UNKNOWN -> maybeApplied = true;
                case NOT_SENT -> {}
            }
            // One alone may be the one that is wrong, while the others are down.
            if (mistrustful.containsAll(members) && !maybeApplied) {
                throw new DcsException.Misconfigured(
                        "no member of the store trusts this one, or is trusted by it ("
                                + trouble
                                + "); correct password, cafile, certfile or keyfile of section"
                                + " raft");
            }
        }

        private void follow(Address member, Answer.NotLeader other) {
            Optional<Address> leader =
                    other.leader()
                            .map(text -> Address.parse(text, "a member's address"))
                            .filter(each -> !each.equals(member));
            if (leader.isPresent()) {
                // Also one that the section does not name yet, because it replaced another.
                preferred = leader.get();
            } else {
                moveOn(member);
            }
            // During an election two members may send it to and fro.
            if (leader.isEmpty() || redirected) {
                pause();
            }
            redirected = leader.isPresent();
        }

        private void moveOn(Address member) {
            if (preferred.equals(member)) {
                preferred = members.get((members.indexOf(member) + 1) % members.size());
            }
        }

        /** An election takes longer than this; nothing tells when it is over. */
        private void pause() {
            try {
                TimeUnit.NANOSECONDS.sleep(
                        Math.min(PAUSE.toNanos(), deadline.remaining().toNanos()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                trouble = "interrupted";
                throw gaveUp().get();
            }
        }

        private Supplier<DcsException> gaveUp() {
            String message = what + ": " + trouble;
            return writes && maybeApplied
                    ? () -> new DcsException.OutcomeUnknown(message)
                    : () -> new DcsException.NotApplied(message);
        }
    }
}
