/**
 * The reference store: a DCS in memory that keeps every rule of {@code CONTRACT.md}.
 *
 * <p>It is the shortest example of a plug-in, the store of the engine's simulation, and the store
 * that the kit is tried on. Read {@link io.matriarch.conformance.memory.MemoryDcs} first: it is all
 * that a backend has to decide. {@code Ledger} stands for what a real store does on its servers.
 */
package io.matriarch.conformance.memory;
