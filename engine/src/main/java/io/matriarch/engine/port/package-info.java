/**
 * The doors between the engine and the world: the store, the local PostgreSQL, the peers, the
 * clock.
 *
 * <p>Everything is asynchronous: a call returns at once and its answer arrives later on the
 * decision lane. So the simulator can run the same shell in virtual time on one thread.
 */
package io.matriarch.engine.port;
