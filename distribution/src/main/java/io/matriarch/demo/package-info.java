/**
 * {@code matriarch demo}: a cluster of three members on one machine, to look at and to hurt.
 *
 * <p>It uses the product as an operator does: configuration files, the launcher, the REST API and
 * SQL. It imports nothing of the engine.
 */
package io.matriarch.demo;
