/**
 * Configuration: the local YAML with its environment, the dynamic document, their merge and their
 * validation. Parsed and checked once, here, into immutable records; deeper code never sees a map
 * of settings that it has to interpret.
 */
package io.matriarch.engine.config;
