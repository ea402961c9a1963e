package io.matriarch.conformance;

import io.matriarch.conformance.history.Lanes;
import io.matriarch.spi.Ticker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;

/**
 * Time that passes when everybody waits. Of the lanes that run together one goes on at a time,
 * until it lets time pass; the one that is due first goes on next, and a seed decides between
 * equals. So a seed gives the same history each time.
 */
final class VirtualTime implements Ticker {
    private record Waiting(long until, long tie, Semaphore goOn) {}

    private final Random ties;
    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>(
                    Comparator.comparingLong(Waiting::until).thenComparingLong(Waiting::tie));
    private long now;
    private int absent;
    private boolean together;

    VirtualTime(long seed) {
        this.ties = new Random(seed);
    }

    @Override
    public synchronized long nanos() {
        return now;
    }

    /** A draw that belongs to the seed. Only the lane that goes on may ask. */
    synchronized int draw(int bound) {
        return ties.nextInt(bound);
    }

    void passUntil(long until) {
        Waiting me;
        synchronized (this) {
            if (!together) {
                now = Math.max(now, until);
                return;
            }
            me = new Waiting(Math.max(now, until), ties.nextInt(), new Semaphore(0));
            waiting.add(me);
            wakeNext();
        }
        me.goOn().acquireUninterruptibly();
    }

    /** The first that is due goes on, once all lanes of a group have arrived. */
    private void wakeNext() {
        if (absent == 0 && !waiting.isEmpty()) {
            Waiting next = waiting.poll();
            now = Math.max(now, next.until());
            next.goOn().release();
        }
    }

    void together(List<Runnable> lanes) {
        List<Callable<Boolean>> actions = new ArrayList<>();
        synchronized (this) {
            together = true;
            absent = lanes.size();
        }
        for (int i = 0; i < lanes.size(); i++) {
            int lane = i;
            actions.add(() -> run(lane, lanes.get(lane)));
        }
        Lanes.all(actions);
        synchronized (this) {
            together = false;
        }
    }

    private boolean run(int lane, Runnable action) {
        Waiting me;
        synchronized (this) {
            // Threads arrive in any order, so the number of the lane decides here, and no draw.
            me = new Waiting(now, lane, new Semaphore(0));
            waiting.add(me);
            absent--;
            wakeNext();
        }
        me.goOn().acquireUninterruptibly();
        try {
            action.run();
        } finally {
            synchronized (this) {
                wakeNext();
            }
        }
        return true;
    }
}
