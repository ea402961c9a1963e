package io.matriarch.dcs.raft;

import io.matriarch.dcs.raft.machine.Clock;
import io.matriarch.dcs.raft.machine.Command;
import io.matriarch.dcs.raft.machine.Reply;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the replicated clock while this member leads. What it may propose, and why, is told at
 * {@link Clock}: a tick is measured only after the one before was seen committed, and the first one
 * of a reign after the entry that began it.
 */
final class Pacemaker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Pacemaker.class);

    /** Proposes to this very member and waits until it is applied; null-free. */
    interface Proposal extends Function<Command, Reply> {
        /**
         * @throws IllegalStateException if it was not seen applied; then it may be, or not
         */
        @Override
        Reply apply(Command command);
    }

    private final Proposal proposal;
    private final Thread thread;
    private boolean leads;
    private boolean closed;

    Pacemaker(Proposal proposal) {
        this.proposal = proposal;
        this.thread = new Thread(this::run, "raft-clock");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    synchronized void leads(boolean now) {
        leads = now;
        notifyAll();
    }

    private synchronized boolean awaitLeadership() throws InterruptedException {
        while (!leads && !closed) {
            wait();
        }
        return !closed;
    }

    private synchronized boolean pause(long millis) throws InterruptedException {
        if (leads && !closed) {
            wait(Math.max(1, millis));
        }
        return leads && !closed;
    }

    private void run() {
        try {
            while (awaitLeadership()) {
                try {
                    reign();
                } catch (IllegalStateException e) {
                    LOG.debug("the replicated clock stands until a leader is sure", e);
                }
                pause(Clock.PERIOD.toMillis());
            }
        } catch (InterruptedException e) {
            LOG.debug("the replicated clock was stopped", e);
        }
    }

    private void reign() throws InterruptedException {
        long id = ThreadLocalRandom.current().nextLong();
        proposal.apply(new Command.Reign(id));
        long measured = System.nanoTime();
        for (long sequence = 1; pause(untilNext(measured)); sequence++) {
            long now = System.nanoTime();
            Reply reply = proposal.apply(new Command.Tick(id, sequence, now - measured));
            if (!(reply instanceof Reply.Done)) {
                return;
            }
            measured = now;
        }
    }

    private static long untilNext(long measured) {
        long left = measured + Clock.PERIOD.toNanos() - System.nanoTime();
        return left / 1_000_000;
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.interrupt();
    }
}
