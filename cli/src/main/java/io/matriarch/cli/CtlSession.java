package io.matriarch.cli;

import io.matriarch.engine.codec.ClusterStore;

/**
 * One cluster, opened for one command.
 *
 * @param cluster its name
 * @param store its keys
 * @param api its members
 * @param closer ends the store's connection
 */
record CtlSession(String cluster, ClusterStore store, MemberApi api, Runnable closer)
        implements AutoCloseable {
    ClusterPicture picture() {
        return new ClusterPicture(cluster, store.read());
    }

    @Override
    public void close() {
        closer.run();
    }
}
