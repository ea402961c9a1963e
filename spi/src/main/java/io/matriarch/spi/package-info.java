/**
 * The contract between Matriarch and a consensus store (DCS).
 *
 * <p>Both the caller (the engine) and an implementer (a plug-in) meet only here. The numbered rules
 * that an implementation keeps stand once, in {@code CONTRACT.md} beside this module; Javadoc cites
 * them by id. Nothing here depends on anything but the JDK.
 */
package io.matriarch.spi;
