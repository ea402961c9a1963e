package io.matriarch.dcs.raft.machine;

/**
 * An entry of a scope.
 *
 * @param version the index of the log entry that wrote it
 * @param session the session that it is bound to, or 0
 */
record Item(String text, long version, long session) {}
