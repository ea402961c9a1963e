/** Real servers of a store for its tests. The rules of the contract need none of it. */
package io.matriarch.conformance.server;
