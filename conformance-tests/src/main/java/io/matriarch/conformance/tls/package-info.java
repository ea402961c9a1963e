/** Certificates for tests of a backend's TLS. The rules of the contract need none of it. */
package io.matriarch.conformance.tls;
