package io.matriarch.engine.config;

import io.matriarch.engine.model.Tags;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The local configuration of one member: YAML with the environment merged over it.
 *
 * @param name the member
 * @param scope namespace and cluster name
 * @param restapi the REST server; absent for a file that only the ctl reads
 * @param ctl the client side
 * @param dcs the one store section
 * @param bootstrap used once per cluster; absent if the section is missing: then this member never
 *     bootstraps
 * @param postgresql the local server; absent for a file that only the ctl reads
 * @param tags as published
 * @param watchdogMode {@code off}, {@code automatic} or {@code required}
 * @param log logging
 * @param postgresqlSection the {@code postgresql} section as written, which the dynamic document is
 *     merged under; empty if the configuration was not read from files
 */
public record LocalConfig(
        String name,
        Scope scope,
        Optional<RestApiConfig> restapi,
        CtlConfig ctl,
        Section dcs,
        Optional<BootstrapConfig> bootstrap,
        Optional<PostgresConfig> postgresql,
        Tags tags,
        String watchdogMode,
        LogConfig log,
        Map<String, Object> postgresqlSection) {
    public LocalConfig {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(scope, "scope");
        postgresqlSection = Collections.unmodifiableMap(new LinkedHashMap<>(postgresqlSection));
    }

    /** A configuration that was not read from files. */
    public LocalConfig(
            String name,
            Scope scope,
            Optional<RestApiConfig> restapi,
            CtlConfig ctl,
            Section dcs,
            Optional<BootstrapConfig> bootstrap,
            Optional<PostgresConfig> postgresql,
            Tags tags,
            String watchdogMode,
            LogConfig log) {
        this(
                name,
                scope,
                restapi,
                ctl,
                dcs,
                bootstrap,
                postgresql,
                tags,
                watchdogMode,
                log,
                Map.of());
    }

    /** Names only; sections may hold secrets. */
    @Override
    public String toString() {
        return "LocalConfig[" + name + " of " + scope.path() + "]";
    }

    /**
     * @param level root level: DEBUG, INFO, WARNING, ERROR, CRITICAL
     * @param loggers logger name to level
     * @param directory where {@code patroni.log} goes; stderr if absent
     * @param fileSize bytes per file
     * @param fileCount old files kept
     * @param json one JSON object a line instead of plain text
     */
    public record LogConfig(
            String level,
            Map<String, String> loggers,
            Optional<String> directory,
            long fileSize,
            int fileCount,
            boolean json) {}
}
