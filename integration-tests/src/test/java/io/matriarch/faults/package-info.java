/**
 * Faults done to real clusters, and mistakes made by operators: what the product does about them.
 */
package io.matriarch.faults;
