/**
 * A store in a container, started for the tests of the kit, by Testcontainers. Needs an engine on
 * this machine; without one the tests are not run, and say so.
 */
package io.matriarch.conformance.containers;
