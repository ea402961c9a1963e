/**
 * The REST server. Requests come in through {@link io.matriarch.daemon.http.HttpServer}, the one
 * interface to the server library; {@link io.matriarch.daemon.http.Routes} picks the {@link
 * io.matriarch.daemon.http.Endpoint}. No endpoint blocks: what waits for the store runs on its own
 * few threads, so that a health check never stands behind a switchover.
 */
package io.matriarch.daemon.http;
