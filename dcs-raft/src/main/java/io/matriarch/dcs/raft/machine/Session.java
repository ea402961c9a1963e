package io.matriarch.dcs.raft.machine;

/**
 * A process that holds records.
 *
 * @param id the index of the entry that began it: younger sessions have larger ids
 * @param expiresAt replicated time
 * @param lastClaim the sequence of the youngest request about the lease that was applied
 * @param lastTouch the sequence of the youngest touch that was applied
 */
record Session(long id, long expiresAt, long lastClaim, long lastTouch) {
    Session until(long time) {
        return new Session(id, Math.max(expiresAt, time), lastClaim, lastTouch);
    }

    Session claimed(long sequence) {
        return new Session(id, expiresAt, sequence, lastTouch);
    }

    Session touched(long sequence) {
        return new Session(id, expiresAt, lastClaim, sequence);
    }
}
