/**
 * Observe, decide, act: the event-driven shell around {@link io.matriarch.engine.decide.Decider}.
 * All state is confined to the decision lane that the {@link io.matriarch.engine.port.Scheduler}
 * provides; no thread is created here and nothing blocks, so the simulator runs this very code in
 * virtual time.
 */
package io.matriarch.engine.shell;
