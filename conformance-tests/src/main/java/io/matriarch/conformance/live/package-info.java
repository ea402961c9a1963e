/**
 * The kit without Maven, on a store that somebody else runs. What cannot be done to it (kill,
 * freeze, cut) is reported as not run, but for links where the plug-in can be led through a proxy.
 */
package io.matriarch.conformance.live;
