package io.matriarch.dcs.raft.machine;

/**
 * What is known of a lease beyond its record.
 *
 * @param process the process that the lease was granted to
 * @param epoch the index of the entry that made it the holder
 * @param expiresAt replicated time
 */
record Seat(String process, long epoch, long expiresAt) {}
