package io.matriarch.dcs.zookeeper;

import io.matriarch.spi.DcsException;
import java.util.Optional;
import org.apache.zookeeper.client.ZKClientConfig;

final class TlsStores implements AutoCloseable {
    TlsStores(ZooKeeperSettings settings) {}

    ZKClientConfig config() {
        ZKClientConfig config = new ZKClientConfig();
        config.setProperty(ZKClientConfig.ENABLE_CLIENT_SASL_KEY, "false");
        return config;
    }

    void beforeAttempt() {}

    Optional<DcsException.Misconfigured> distrusted() {
        return Optional.empty();
    }

    @Override
    public void close() {}
}
