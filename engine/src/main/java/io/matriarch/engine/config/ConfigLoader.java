package io.matriarch.engine.config;

import io.matriarch.engine.config.LocalConfig.LogConfig;
import io.matriarch.engine.model.Tags;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the local configuration: YAML files with the environment merged over them. Every problem
 * that cannot be worked around is a {@link ConfigException} with one sentence; the rest are
 * warnings. Opens no connection and looks for no binary.
 */
public final class ConfigLoader {
    private static final String RESERVED = "__patroni_strict_sync_replica_placeholder__";

    private final ConfigSources sources;
    private final YamlSection top;
    private final DcsSection stores;
    private final List<String> warnings;

    private ConfigLoader(ConfigSources sources, PlugIns plugIns, boolean strict) {
        this.sources = sources;
        this.warnings = new ArrayList<>(sources.warnings());
        Map<String, Object> document = OldShapes.renewed(sources.values());
        this.top = new YamlSection("", document, sources.places());
        this.stores = new DcsSection(top, plugIns);
        List<String> unknown = ConfigSchema.unknownKeys(document, sources.places(), stores.names());
        if (strict && !unknown.isEmpty()) {
            // If one of them was meant to be the store's section, this tells more of it.
            stores.only();
            throw new ConfigException(String.join("; ", unknown));
        }
        warnings.addAll(unknown);
        warnings.addAll(ConfigSchema.withoutEffect(document, sources.places()));
    }

    /**
     * @param config typed and complete
     * @param warnings one sentence each, with the place
     */
    public record Loaded(LocalConfig config, List<String> warnings) {
        public Loaded {
            warnings = List.copyOf(warnings);
        }
    }

    /** Like the other, without plug-ins of one's own. */
    public static Loaded load(
            Optional<Path> fileOrDirectory, Map<String, String> environment, boolean strict) {
        return load(fileOrDirectory, environment, strict, PlugIns.NONE);
    }

    /**
     * The configuration of a member.
     *
     * @param fileOrDirectory a YAML file, or a directory of them; empty for the environment alone
     * @param environment variables, as {@code System.getenv()} gives them
     * @param strict makes an unknown key an error
     * @param plugIns those that a section may name
     */
    public static Loaded load(
            Optional<Path> fileOrDirectory,
            Map<String, String> environment,
            boolean strict,
            PlugIns plugIns) {
        ConfigSources sources = sources(fileOrDirectory, environment, plugIns).filled();
        ConfigLoader loader = new ConfigLoader(sources, plugIns, strict);
        return new Loaded(loader.member(), loader.warnings);
    }

    /** Like the other, without plug-ins of one's own and with the file's own store. */
    public static Loaded loadForCtl(
            Optional<Path> fileOrDirectory,
            Map<String, String> environment,
            Optional<String> cluster) {
        return loadForCtl(
                fileOrDirectory,
                environment,
                cluster,
                Optional.empty(),
                Optional.empty(),
                PlugIns.NONE);
    }

    /**
     * The configuration of the command-line tool: any file with a DCS section. It gives no
     * warnings: most of the file is not the tool's.
     *
     * @param cluster named on the command line; empty for {@code scope} of the file
     * @param store a DCS section that takes the place of those in the file
     * @param namespace takes the place of the one in the file
     * @param plugIns those that a section may name
     */
    public static Loaded loadForCtl(
            Optional<Path> fileOrDirectory,
            Map<String, String> environment,
            Optional<String> cluster,
            Optional<Section> store,
            Optional<String> namespace,
            PlugIns plugIns) {
        ConfigSources sources = sources(fileOrDirectory, environment, plugIns);
        ConfigLoader loader = new ConfigLoader(sources, plugIns, false);
        return new Loaded(loader.tool(cluster, store, namespace), List.of());
    }

    private static ConfigSources sources(
            Optional<Path> path, Map<String, String> environment, PlugIns plugIns) {
        Set<String> names = DcsSection.names(plugIns);
        names.add("citus");
        return ConfigSources.read(path, environment, names);
    }

    private LocalConfig member() {
        String name =
                top.text("name").orElseThrow(() -> top.missing("name", "a name of this member"));
        if (name.equals(RESERVED)) {
            throw new ConfigException(
                    "Node 'name' can't be set to '" + RESERVED + "'; choose another one");
        }
        Scope scope = scope(Optional.empty(), Optional.empty());
        if (!top.section("citus").values().isEmpty()) {
            throw new ConfigException(
                    top.place("citus")
                            + ": citus is not supported, and without its groups several clusters"
                            + " would share their keys; remove the section or keep this cluster"
                            + " with the peer");
        }
        warnAboutDynamicKeys();
        RestApiConfig restapi = RestSections.restapi(required("restapi"));
        Section dcs = stores.only();
        PostgresConfig postgresql = postgresql(required("postgresql"));
        return new LocalConfig(
                name,
                scope,
                Optional.of(restapi),
                RestSections.ctl(top.section("ctl"), top.section("restapi")),
                dcs,
                bootstrap(),
                Optional.of(postgresql),
                TagRules.published(top.section("tags").values(), warnings),
                watchdogMode(),
                log(top.section("log")),
                top.section("postgresql").values());
    }

    private LocalConfig tool(
            Optional<String> cluster, Optional<Section> store, Optional<String> namespace) {
        Section dcs = store.orElseGet(stores::only);
        return new LocalConfig(
                top.text("name").orElse(""),
                scope(cluster, namespace),
                Optional.empty(),
                RestSections.ctl(top.section("ctl"), top.section("restapi")),
                dcs,
                Optional.empty(),
                Optional.empty(),
                Tags.NONE,
                "off",
                log(top.section("log")));
    }

    private Scope scope(Optional<String> cluster, Optional<String> namespace) {
        String scope =
                cluster.or(() -> top.text("scope"))
                        .filter(text -> !text.isBlank())
                        .orElseThrow(() -> top.missing("scope", "the name of the cluster"));
        return new Scope(namespace.or(() -> top.text("namespace")).orElse("/service"), scope);
    }

    private YamlSection required(String key) {
        YamlSection section = top.section(key);
        if (section.values().isEmpty()) {
            throw new ConfigException(
                    sources.places().otherwise()
                            + ": section "
                            + key
                            + " is missing; add it, with at least "
                            + (key.equals("restapi") ? "listen" : "listen and data_dir"));
        }
        return section;
    }

    private void warnAboutDynamicKeys() {
        top.values().keySet().stream()
                .filter(key -> ConfigSchema.DYNAMIC.contains(key) && !key.equals("postgresql"))
                .forEach(
                        key ->
                                warnings.add(
                                        top.place(key)
                                                + ": "
                                                + key
                                                + " belongs to the dynamic configuration and is"
                                                + " ignored here; set it with edit-config (for a"
                                                + " new cluster in bootstrap.dcs)"));
    }

    private PostgresConfig postgresql(YamlSection section) {
        PostgresSettings.Effective effective =
                PostgresSettings.merge(section.values(), sources.places(), Map.of());
        warnings.addAll(effective.warnings());
        return effective.config();
    }

    private Optional<BootstrapConfig> bootstrap() {
        YamlSection section = top.section("bootstrap");
        if (section.values().isEmpty()) {
            return Optional.empty();
        }
        if (section.has("users")) {
            warnings.add(
                    section.place("users")
                            + ": bootstrap.users is no longer supported and is ignored; create"
                            + " roles in bootstrap.post_bootstrap");
        }
        String method = section.text("method").orElse("initdb");
        Map<String, Object> methodSection =
                method.equals("initdb") ? Map.of() : section.section(method).values();
        // As with the peer, a method without a command is initdb.
        boolean custom = methodSection.get("command") != null;
        return Optional.of(
                new BootstrapConfig(
                        section.section("dcs").values(),
                        custom ? method : "initdb",
                        custom ? methodSection : Map.of(),
                        CommandOptions.initdb(section.values().get("initdb")),
                        AccessRules.normalised(
                                section.lines("pg_hba"),
                                section.place("pg_hba") + ": bootstrap.pg_hba",
                                warnings),
                        section.text("post_bootstrap").or(() -> section.text("post_init"))));
    }

    private String watchdogMode() {
        YamlSection section = top.section("watchdog");
        String mode = section.text("mode").orElse("automatic");
        switch (mode.toLowerCase(java.util.Locale.ROOT)) {
            case "automatic":
            case "auto":
                return "automatic";
            case "required":
            case "require":
                return "required";
            case "false":
            case "off":
            case "disable":
            case "disabled":
                return "off";
            default:
                warnings.add("Watchdog mode " + mode + " not recognized, disabling watchdog");
                return "off";
        }
    }

    private static LogConfig log(YamlSection section) {
        Map<String, String> loggers = new LinkedHashMap<>();
        YamlSection levels = section.section("loggers");
        levels.values().keySet().forEach(name -> loggers.put(name, level(levels, name)));
        return new LogConfig(
                level(section, "level"),
                loggers,
                section.text("dir"),
                section.integer("file_size", 25_000_000),
                (int) section.integer("file_num", 4),
                section.word("type", "plain", List.of("plain", "json")).equals("json"));
    }

    private static String level(YamlSection section, String key) {
        List<String> known =
                List.of("debug", "info", "warning", "error", "critical", "warn", "fatal");
        switch (section.word(key, "info", known)) {
            case "warn":
                return "WARNING";
            case "fatal":
                return "CRITICAL";
            default:
                return section.word(key, "info", known).toUpperCase(java.util.Locale.ROOT);
        }
    }
}
