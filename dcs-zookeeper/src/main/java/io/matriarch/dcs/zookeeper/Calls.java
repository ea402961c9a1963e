package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.zookeeper.KeeperException.Code;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the calls of this backend end by their deadlines. A call is one or several rounds; a round
 * that got no answer is begun anew, on another server if there are several, while there is time.
 */
final class Calls {
    private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

    /** The least that a server is given to answer, while there are others to ask. */
    private static final Duration LEAST = Duration.ofMillis(300);

    private final Sessions sessions;
    private final Ticker ticker;
    private final int servers;
    private final String section;

    Calls(Sessions sessions, Ticker ticker, int servers, String section) {
        this.sessions = sessions;
        this.ticker = ticker;
        this.servers = servers;
        this.section = section;
    }

    /** One round on one connection. */
    final class Round {
        private final String what;
        private final Live live;
        private final Deadline deadline;
        private final long begunAt = ticker.nanos();

        private Round(String what, Live live, Deadline deadline) {
            this.what = what;
            this.live = live;
            this.deadline = deadline;
        }

        Live live() {
            return live;
        }

        /** Throws if a part of an answer is one that no repetition can mend. */
        void reject(Code code) {
            Calls.reject(what, section, code);
        }

        Deadline deadline() {
            return deadline;
        }

        /** Waits for the answer to a request that was sent in this round. */
        <T> Answer<T> answer(CompletableFuture<Answer<T>> reply) {
            Answer<T> answer = waited(reply);
            reject(answer.code());
            return answer;
        }

        /** Waits until a {@link Live#barrier} was carried out. Its own result means nothing. */
        void passed(CompletableFuture<?> barrier) {
            waited(barrier);
        }

        private <T> T waited(CompletableFuture<T> reply) {
            try {
                return reply.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                if (live.silentSince(begunAt)) {
                    live.handle().reconnect();
                }
                throw new Lost("no answer in time");
            } catch (ExecutionException e) {
                throw new Lost(e.getCause().getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Lost("interrupted");
            }
        }
    }

    /**
     * Calls a round until it returns.
     *
     * @param wrote whether a request that changes something was sent in any round
     */
    <T> T call(String what, Deadline deadline, BooleanSupplier wrote, Function<Round, T> round) {
        String last = "";
        while (true) {
            Live live;
            try {
                live = sessions.live(what, deadline);
            } catch (DcsException.NotApplied e) {
                throw wrote.getAsBoolean()
                        ? new DcsException.OutcomeUnknown(
                                what + ": ZooKeeper did not answer" + last, e)
                        : new DcsException.NotApplied(e.getMessage() + last, e);
            }
            try {
                return round.apply(new Round(what, live, share(deadline)));
            } catch (Lost e) {
                last = " (" + e.getMessage() + ")";
                if (Thread.currentThread().isInterrupted()) {
                    throw wrote.getAsBoolean()
                            ? new DcsException.OutcomeUnknown(what + ": interrupted", e)
                            : new DcsException.NotApplied(what + ": interrupted", e);
                }
                LOG.debug("{}:{}", what, last);
            }
        }
    }

    /** For calls that change nothing. */
    <T> T read(String what, Deadline deadline, Function<Round, T> round) {
        return call(what, deadline, () -> false, round);
    }

    private Deadline share(Deadline deadline) {
        if (servers == 1) {
            return deadline;
        }
        Duration part = deadline.remaining().dividedBy(servers);
        return deadline.atMost(part.compareTo(LEAST) > 0 ? part : LEAST);
    }

    static DcsException.Misconfigured credentials(String before, String section) {
        return new DcsException.Misconfigured(
                before
                        + "ZooKeeper rejects the credentials of this client; correct auth_data in"
                        + " section "
                        + section);
    }

    /** Some answers no repetition can mend. */
    private static void reject(String what, String section, Code code) {
        switch (code) {
            case AUTHFAILED -> throw credentials(what + ": ", section);
            case NOAUTH, INVALIDACL ->
                    throw new DcsException.Misconfigured(
                            what
                                    + ": ZooKeeper does not allow it ("
                                    + code
                                    + "); correct auth_data or set_acls in section "
                                    + section
                                    + ", or the ACLs in the store");
            case UNIMPLEMENTED ->
                    throw new DcsException.Misconfigured(
                            what + ": this server is older than ZooKeeper 3.6; upgrade it");
            default -> {}
        }
    }
}
