/**
 * Who may be primary, and what this member does next: a pure function of a recorded {@link
 * io.matriarch.engine.decide.Situation}. Nothing here reads a clock, a file or a socket, logs or
 * sleeps. Rules are data: numbered rows in order, the first that matches wins.
 */
package io.matriarch.engine.decide;
