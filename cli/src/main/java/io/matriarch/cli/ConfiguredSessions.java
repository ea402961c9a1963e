package io.matriarch.cli;

import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.ConfigLoader;
import io.matriarch.engine.config.CtlConfig;
import io.matriarch.engine.config.LocalConfig;
import io.matriarch.engine.plugin.DcsProviders;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.Ticker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Clusters as the configuration file, the environment and the global options name them. */
final class ConfiguredSessions implements Sessions {
    /** The bound of one read or write: an operator who waits longer thinks that nothing happens. */
    private static final Duration STORE_BUDGET = Duration.ofSeconds(8);

    private final Map<String, String> environment;
    private final Console console;
    private final Optional<Path> home;
    private Optional<DcsProviders> providers = Optional.empty();

    /**
     * @param home the distribution, whose plug-ins for stores are used besides the class path's
     */
    ConfiguredSessions(Map<String, String> environment, Console console, Optional<Path> home) {
        this.environment = Map.copyOf(environment);
        this.console = console;
        this.home = home;
    }

    @Override
    public CtlSession open(GlobalOptions options, Optional<String> cluster) {
        LocalConfig config = load(options, cluster);
        Dcs dcs =
                providers()
                        .open(
                                new DcsConfig(
                                        config.scope(),
                                        Optional.empty(),
                                        config.dcs(),
                                        DcsSettings.defaults(),
                                        Ticker.system()),
                                hint -> {});
        return new CtlSession(
                config.scope().name(),
                new ClusterStore(dcs, config.scope(), Ticker.system(), () -> STORE_BUDGET),
                new RestMemberApi(options.insecure() ? insecure(config.ctl()) : config.ctl()),
                dcs::close);
    }

    @Override
    public List<String> configured(GlobalOptions options) {
        try {
            return List.of(load(options, Optional.empty()).scope().name());
        } catch (ConfigException e) {
            // With a name given, every other fault of the configuration is thrown once more.
            load(options, Optional.of("unnamed"));
            console.errorLine(e.getMessage());
            return List.of();
        }
    }

    /** Found once and kept: a listing that repeats opens its store again and again. */
    private DcsProviders providers() {
        if (providers.isEmpty()) {
            CtlLogging.set(environment);
            providers = Optional.of(DcsProviders.find(home));
        }
        return providers.get();
    }

    private LocalConfig load(GlobalOptions options, Optional<String> cluster) {
        Optional<StoreUrl> url =
                options.dcsUrl()
                        .or(() -> Optional.ofNullable(environment.get("DCS_URL")))
                        .filter(text -> !text.isBlank())
                        .map(StoreUrl::parse);
        return ConfigLoader.loadForCtl(
                        file(options),
                        environment,
                        cluster,
                        url.map(StoreUrl::section),
                        url.flatMap(StoreUrl::namespace),
                        providers().plugIns())
                .config();
    }

    /** A file that was asked for must be there; the default one need not. */
    private Optional<Path> file(GlobalOptions options) {
        Optional<Path> named =
                options.configFile()
                        .or(
                                () ->
                                        Stream.of(
                                                        "MATRIARCHCTL_CONFIG_FILE",
                                                        "PATRONICTL_CONFIG_FILE")
                                                .map(environment::get)
                                                .filter(path -> path != null && !path.isBlank())
                                                .findFirst()
                                                .map(Path::of));
        named.filter(path -> !Files.isReadable(path))
                .ifPresent(
                        path -> {
                            throw new CtlError(
                                    "Provided config file "
                                            + path
                                            + " not existing or no read rights. Check the"
                                            + " -c/--config-file parameter");
                        });
        return named.or(this::defaultFile);
    }

    private Optional<Path> defaultFile() {
        String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
        String folder = environment.getOrDefault("XDG_CONFIG_HOME", home + "/.config");
        return Stream.of("matriarch/matriarchctl.yaml", "patroni/patronictl.yaml")
                .map(name -> Path.of(folder, name))
                .filter(Files::isReadable)
                .findFirst();
    }

    private static CtlConfig insecure(CtlConfig config) {
        return new CtlConfig(
                true,
                config.caCert(),
                config.certFile(),
                config.keyFile(),
                config.keyFilePassword(),
                config.username(),
                config.password());
    }
}
