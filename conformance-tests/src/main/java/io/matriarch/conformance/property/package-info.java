/** Random plans and smaller ones. The one package that knows the library for property tests. */
package io.matriarch.conformance.property;
