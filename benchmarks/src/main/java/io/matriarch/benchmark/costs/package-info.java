/**
 * {@code benchmarks/run costs}: what a member costs at rest, by backend, and what very many members
 * cost one etcd.
 */
package io.matriarch.benchmark.costs;
