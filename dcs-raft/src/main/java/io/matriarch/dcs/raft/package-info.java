/**
 * The embedded store: members that agree among themselves by Raft (Apache Ratis), so that a cluster
 * needs no other service.
 *
 * <p>{@link io.matriarch.dcs.raft.RaftDcs} is a client like any other, also where a member of the
 * store lives in the same process: it talks over TCP to any member, and no read is ever answered
 * from a member's own memory. What the members agree on is in {@code machine}, which knows no
 * library.
 */
package io.matriarch.dcs.raft;
