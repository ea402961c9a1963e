package io.matriarch.daemon.wiring;

import io.matriarch.engine.config.BootstrapConfig;
import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.ConfigLoader;
import io.matriarch.engine.config.LocalConfig;
import io.matriarch.engine.config.PlugIns;
import io.matriarch.engine.config.PostgresConfig;
import io.matriarch.engine.config.PostgresSettings;
import io.matriarch.engine.config.RestApiConfig;
import io.matriarch.engine.port.MemberOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The local configuration in force, and what the engine wants to know of it. A reload that fails
 * changes nothing. Safe for use by any thread.
 */
public final class LocalFile implements MemberOptions.Source {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFile.class);

    private final Optional<Path> path;
    private final Map<String, String> environment;
    private final boolean strict;
    private final PlugIns plugIns;
    private final List<String> firstWarnings;
    private volatile LocalConfig config;

    /**
     * Reads the configuration of a member.
     *
     * @param path a file or a directory; empty for the environment alone
     * @param strict makes an unknown key an error
     * @param plugIns those that a section may name
     * @throws ConfigException one sentence, if it cannot be used
     */
    public LocalFile(
            Optional<Path> path, Map<String, String> environment, boolean strict, PlugIns plugIns) {
        this.path = path;
        this.environment = Map.copyOf(environment);
        this.strict = strict;
        this.plugIns = plugIns;
        ConfigLoader.Loaded loaded = load();
        this.firstWarnings = loaded.warnings();
        this.config = complete(loaded.config());
    }

    /** What was odd when it was first read; one sentence each. */
    public List<String> warnings() {
        return firstWarnings;
    }

    private ConfigLoader.Loaded load() {
        return ConfigLoader.load(path, environment, strict, plugIns);
    }

    private static LocalConfig complete(LocalConfig config) {
        if (config.restapi().isEmpty()) {
            throw new ConfigException("restapi.listen is not set; a member needs a REST API");
        }
        if (config.postgresql().isEmpty()) {
            throw new ConfigException("there is no section postgresql; a member needs one");
        }
        return config;
    }

    public LocalConfig config() {
        return config;
    }

    RestApiConfig restapi() {
        return config.restapi().orElseThrow();
    }

    Optional<BootstrapConfig> bootstrap() {
        return config.bootstrap();
    }

    /** The section postgresql in force under a dynamic document. */
    PostgresConfig postgresql(Map<String, Object> document) {
        return PostgresSettings.effective(config, document);
    }

    @Override
    public MemberOptions options(Map<String, Object> document) {
        LocalConfig local = config;
        PostgresConfig postgres = PostgresSettings.effective(local, document);
        return new MemberOptions(
                local.name(),
                local.scope().name(),
                postgres.connUrl(),
                local.restapi().orElseThrow().apiUrl(),
                postgres.proxyUrl(),
                local.tags(),
                local.bootstrap().map(BootstrapConfig::dcs),
                postgres.usePgRewind(),
                postgres.removeOnDivergedTimelines(),
                postgres.removeOnRewindFailure());
    }

    /** Reads again what may change while the daemon runs; name, cluster and store may not. */
    void reload() {
        LocalConfig before = config;
        try {
            ConfigLoader.Loaded loaded = load();
            loaded.warnings().forEach(LOG::warn);
            LocalConfig next = complete(loaded.config());
            if (!next.name().equals(before.name()) || !next.scope().equals(before.scope())) {
                LOG.warn("name, scope and namespace change only when the daemon is restarted");
                next = renamed(next, before);
            }
            if (same(before, next)) {
                LOG.info("No local configuration items changed.");
            }
            config = next;
        } catch (ConfigException e) {
            LOG.error(
                    "Exception when reloading local configuration from {}: {}",
                    path.map(Path::toString).orElse("the environment"),
                    e.getMessage());
        }
    }

    private static LocalConfig renamed(LocalConfig next, LocalConfig before) {
        return new LocalConfig(
                before.name(),
                before.scope(),
                next.restapi(),
                next.ctl(),
                next.dcs(),
                next.bootstrap(),
                next.postgresql(),
                next.tags(),
                next.watchdogMode(),
                next.log());
    }

    private static boolean same(LocalConfig before, LocalConfig next) {
        return Objects.equals(before.restapi(), next.restapi())
                && Objects.equals(before.ctl(), next.ctl())
                && Objects.equals(before.bootstrap(), next.bootstrap())
                && Objects.equals(before.postgresql(), next.postgresql())
                && Objects.equals(before.tags(), next.tags())
                && Objects.equals(before.log(), next.log());
    }
}
