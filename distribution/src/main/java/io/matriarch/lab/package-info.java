/**
 * Real clusters on one machine for the demo, the end-to-end tests and the benchmarks: etcd and
 * members as processes in a scratch directory, ways to hurt them, and writers that measure.
 */
package io.matriarch.lab;
