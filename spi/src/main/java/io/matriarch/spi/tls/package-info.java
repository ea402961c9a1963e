/**
 * What a backend needs to open TLS from files as operators have them. Offered to authors of
 * plug-ins, who may as well bring their own; the engine does not use it.
 */
package io.matriarch.spi.tls;
