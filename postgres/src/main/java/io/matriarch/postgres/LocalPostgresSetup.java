package io.matriarch.postgres;

import io.matriarch.engine.config.BootstrapConfig;
import io.matriarch.engine.config.PostgresConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What {@link LocalPostgres} needs to know about its member.
 *
 * @param memberName this member
 * @param scope the cluster's name
 * @param effective the {@code postgresql} section in force, given the dynamic document; asked again
 *     at every {@code apply}, so a reload of the local file is seen there. Called from any thread
 * @param bootstrap what makes a new cluster; asked when one is made
 * @param commandPrefix words before every command that is started; empty in production. With a
 *     prefix, files that are written get the owner of their directory
 * @param serverLog where the server's own output goes; the daemon's standard error if absent
 */
public record LocalPostgresSetup(
        String memberName,
        String scope,
        Function<Map<String, Object>, PostgresConfig> effective,
        Supplier<Optional<BootstrapConfig>> bootstrap,
        List<String> commandPrefix,
        Optional<Path> serverLog) {
    public LocalPostgresSetup {
        commandPrefix = List.copyOf(commandPrefix);
    }
}
