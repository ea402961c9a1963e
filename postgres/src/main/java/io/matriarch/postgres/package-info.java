/**
 * The local PostgreSQL instance: its processes, its files, its SQL.
 *
 * <p>{@link io.matriarch.postgres.LocalPostgres} is the only entry; everything else is its parts.
 * Nothing here decides: the engine says what to do, this package does it and tells what it sees.
 */
package io.matriarch.postgres;
