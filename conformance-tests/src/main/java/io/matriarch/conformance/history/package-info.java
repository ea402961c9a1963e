/**
 * Histories: several clients use one scope while their links and the servers are spoiled, every
 * call is recorded, and checks judge the record.
 *
 * <p>A plan ({@link io.matriarch.conformance.history.Step}) is played in a {@link
 * io.matriarch.conformance.history.World}, which is a real store in real time or a simulated one in
 * virtual time, and yields a {@link io.matriarch.conformance.history.History}. Each {@link
 * io.matriarch.conformance.history.HistoryCheck} holds it to one rule of the contract.
 */
package io.matriarch.conformance.history;
