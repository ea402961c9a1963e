package io.matriarch.dcs.consul;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes requests to the agent, each within one deadline that is spent over several attempts: an
 * agent that does not answer on one connection may do so on another. Safe for any thread.
 */
final class Calls implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);
    private static final Duration SMALLEST_SHARE = Duration.ofSeconds(1);
    private static final long FIRST_PAUSE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(800);

    /** What may be done about a change whose reply was lost. */
    enum Repeat {
        /** Repeat it; if no reply comes at all, the outcome is unknown. */
        HARMLESS,
        /** Leave it to the caller. */
        NEVER
    }

    private final Agent agent;
    private final Optional<String> datacenter;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Duration share = SMALLEST_SHARE;

    Calls(Agent agent, Optional<String> datacenter) {
        this.agent = agent;
        this.datacenter = datacenter;
    }

    /** The time of one attempt is a third of the budget of an operation, as with the peer. */
    void timing(Duration retryTimeout) {
        Duration third = retryTimeout.dividedBy(3);
        share = third.compareTo(SMALLEST_SHARE) > 0 ? third : SMALLEST_SHARE;
    }

    /** A request to the data center of the keys. */
    Answer call(String what, Repeat repeat, Ask ask, Deadline deadline) {
        Ask there = datacenter.map(name -> ask.with("dc", name)).orElse(ask);
        return new Call(what, repeat, there, deadline).run();
    }

    /** A request about the agent itself. */
    Answer callAgent(String what, Ask ask, Deadline deadline) {
        return new Call(what, Repeat.HARMLESS, ask, deadline).run();
    }

    /** Waits, but not beyond the deadline or {@link #close}. */
    void pause(long nanos, Deadline deadline) {
        try {
            closed.await(Math.min(nanos, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DcsException.NotApplied("interrupted while waiting for Consul", e);
        }
    }

    /**
     * @param why in Consul's words
     */
    static DcsException.Misconfigured forbidden(String what, String why) {
        return new DcsException.Misconfigured(
                "Consul does not let this member go on with "
                        + what
                        + " ("
                        + why
                        + "); correct consul.token or the rights of its token");
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    @Override
    public void close() {
        closed.countDown();
        agent.close();
    }

    /** One call with all its attempts. Used by one thread. */
    private final class Call {
        private final String what;
        private final Repeat repeat;
        private final Ask ask;
        private final Deadline deadline;
        private boolean mayHaveBeenApplied;
        private long pause = FIRST_PAUSE;
        private String last = "nothing was sent before the deadline";

        Call(String what, Repeat repeat, Ask ask, Deadline deadline) {
            this.what = what;
            this.repeat = repeat;
            this.ask = ask;
            this.deadline = deadline;
        }

        Answer run() {
            while (!deadline.passed() && !isClosed()) {
                Optional<Answer> answer = attempt();
                if (answer.isPresent()) {
                    return answer.get();
                }
                if (mayHaveBeenApplied && repeat == Repeat.NEVER) {
                    break;
                }
                pause(pause, deadline);
                pause = Math.min(2 * pause, LONGEST_PAUSE);
            }
            throw noAnswer();
        }

        private Optional<Answer> attempt() {
            try {
                Answer answer = agent.send(ask, deadline.atMost(share));
                if (answer.forbidden()) {
                    throw forbidden(what, answer.toString());
                }
                if (!answer.busy() || answer.aboutASession()) {
                    return Optional.of(answer);
                }
                failed(answer.toString(), !answer.surelyWithoutEffect());
            } catch (Unanswered e) {
                if (e.kind() == Unanswered.Kind.BAD_TLS) {
                    throw new DcsException.Misconfigured(
                            e.getMessage()
                                    + "; correct scheme, cacert, cert or key, or the agent's"
                                    + " certificate",
                            e);
                }
                failed(e.getMessage(), e.kind() == Unanswered.Kind.LOST);
            }
            return Optional.empty();
        }

        private void failed(String why, boolean mayHaveEffect) {
            LOG.debug("{}: {}", what, why);
            last = why;
            mayHaveBeenApplied |= mayHaveEffect && !ask.reads();
        }

        private DcsException noAnswer() {
            String message = what + ": " + last;
            return mayHaveBeenApplied
                    ? new DcsException.OutcomeUnknown(message)
                    : new DcsException.NotApplied(message);
        }
    }
}
