/**
 * What the members of the embedded store agree on, entry by entry. Pure: no library, no thread, no
 * clock. The same entries in the same order give the same state and the same replies on each
 * member.
 */
package io.matriarch.dcs.raft.machine;
