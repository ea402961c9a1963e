/**
 * The conformance kit: a JUnit 5 test per rule of {@code CONTRACT.md}, for authors of plug-ins.
 *
 * <p>Extend {@link io.matriarch.conformance.DcsConformance}. The README of this module shows how.
 */
package io.matriarch.conformance;
