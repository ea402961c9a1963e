package io.matriarch.planted.dcs.raft;

/** Breaks: leases know no wall clock. */
final class ReadsTheWallClock {
    boolean isOver(long end) {
        return System.currentTimeMillis() > end;
    }
}
