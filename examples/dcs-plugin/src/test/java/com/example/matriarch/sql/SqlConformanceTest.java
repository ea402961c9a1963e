package com.example.matriarch.sql;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.Optional;

/** The whole kit on a real server that this test starts and ends. */
class SqlConformanceTest extends DcsConformance {
    private final ScratchServer server = ScratchServer.shared();

    @Override protected DcsProvider provider() { return new SqlProvider(); }
    @Override protected Section section() { return server.section(); }
    @Override protected StoreControl control() { return new ServerControl(server); }
    @Override protected Duration ttl() { return Duration.ofSeconds(2); }
    @Override protected Optional<String> storeVersion() { return Optional.of(server.version()); }
}
