/**
 * The REST API without a server: the documents it shows, the rules that turn a request into a
 * status code, and the client that calls other members. Everything but {@link
 * io.matriarch.engine.rest.RestClient} and {@link io.matriarch.engine.rest.PeerProbe} is pure.
 */
package io.matriarch.engine.rest;
