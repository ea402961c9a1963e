/**
 * Puts a member together: the lanes that the engine's ports run on, the store, the local server,
 * the REST API, and what happens at start, on signals and at the end.
 */
package io.matriarch.daemon.wiring;
