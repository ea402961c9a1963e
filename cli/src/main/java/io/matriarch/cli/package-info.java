/**
 * The operator's tool. It reads the cluster from the store, asks members over REST for what they do
 * themselves, and writes the store directly only where the compatible tool does: the dynamic
 * configuration, and a failover request that no member could take. Prompts, words and formats are
 * an interface that scripts depend on.
 */
package io.matriarch.cli;
