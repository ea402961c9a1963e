/** Logback, set up from the section {@code log}. */
package io.matriarch.daemon.logging;
