/**
 * The deterministic simulator: the real decision core and the real shell of several members in
 * virtual time, on one thread, out of one seed.
 *
 * <p>Everything around them is a model: the clock ({@link io.matriarch.engine.simulation.World}),
 * the store with its faults, the network, and PostgreSQL itself. After every event the {@link
 * io.matriarch.engine.simulation.Checks} look at the whole cluster, which no member ever sees.
 */
package io.matriarch.engine.simulation;
