/**
 * Measures, in one run and at equal settings, for how long clients cannot write when a cluster of
 * Matriarch and one of the installed peer are hurt in the same ways.
 */
package io.matriarch.benchmark;
