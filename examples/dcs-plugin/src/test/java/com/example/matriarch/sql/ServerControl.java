package com.example.matriarch.sql;

import io.matriarch.conformance.Link;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.EnumSet;
import java.util.Set;

/** What the kit can do to a {@link ScratchServer}: everything but taking a majority from one. */
final class ServerControl implements StoreControl {
    private final ScratchServer server;

    ServerControl(ScratchServer server) {
        this.server = server;
    }

    @Override
    public Set<Ability> abilities() {
        return EnumSet.complementOf(EnumSet.of(Ability.QUORUM));
    }

    @Override
    public void stop() {
        server.stop();
    }

    @Override
    public void start() {
        server.start();
    }

    @Override
    public void freeze() {
        server.signal("-STOP");
    }

    @Override
    public void thaw() {
        server.signal("-CONT");
    }

    @Override
    public Link link() {
        return Link.through(new SqlProvider(), server.section()).orElseThrow();
    }

    @Override
    public void endSession(String session) {
        server.update("DELETE FROM matriarch.session WHERE id = ?", Long.parseLong(session));
    }

    @Override
    public int countSessions() {
        return server.number(
                "SELECT count(*) FROM matriarch.session WHERE expires > clock_timestamp()");
    }

    @Override
    public void plant(Scope scope, String key, String text) {
        server.update(
                "INSERT INTO matriarch.entry VALUES (?, ?, ?, nextval('matriarch.revision'))",
                scope.path(),
                key,
                text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** PostgreSQL keeps no notifications for a connection that ended: none has to be dropped. */
    @Override
    public void forgetHistory() {}

    @Override
    public Section badCredentials() {
        return server.section("wrong");
    }
}
