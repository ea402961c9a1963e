package io.matriarch.engine.plugin;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.NearMiss;
import io.matriarch.engine.config.PlugIns;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins for consensus stores: those on the class path, and those in the folders of a
 * distribution, where each sub-folder of jars and each single jar has a class loader of its own.
 * Finding them touches no class of any store's client library; opening touches the chosen one's
 * only. Closing gives the class loaders up and must come after the last backend was closed.
 */
public final class DcsProviders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DcsProviders.class);

    private static final String SPI = Integer.toString(DcsProvider.SPI_VERSION);

    /** Ends the search where a broken service file is reported again and again. */
    private static final int MOST_IN_ONE_PLACE = 1000;

    /**
     * @param source where it came from, for messages
     */
    private record Found(DcsProvider provider, ContextLoader context, String source) {
        String name() {
            return context.call(provider::name);
        }

        Set<String> aliases() {
            return context.call(provider::aliases);
        }
    }

    private final Map<String, Found> byName = new TreeMap<>();
    private final Map<String, Found> byAlias = new TreeMap<>();

    /** What cannot be used, by the name of its folder or jar, and why: a sentence's end. */
    private final Map<String, String> broken = new TreeMap<>();

    private final List<PluginLoader> loaders = new ArrayList<>();

    private DcsProviders() {}

    /**
     * The product's own plug-ins in {@code dcs/} of a distribution, and those of others in its
     * {@code plugins/}.
     *
     * @param home where the distribution is; only the class path is searched if empty
     * @throws ConfigException if two plug-ins have one name, or a folder cannot be read
     */
    public static DcsProviders find(Optional<Path> home) {
        return find(
                DcsProviders.class.getClassLoader(),
                home.map(at -> List.of(at.resolve("dcs"), at.resolve("plugins")))
                        .orElse(List.of()));
    }

    /**
     * @param folders of plug-ins; one that does not exist holds none
     */
    static DcsProviders find(ClassLoader classPath, List<Path> folders) {
        DcsProviders providers = new DcsProviders();
        boolean complete = false;
        try {
            providers.load(classPath, "the class path", "class path");
            folders.stream()
                    .filter(Files::isDirectory)
                    .flatMap(folder -> PluginLoader.places(folder).stream())
                    .forEach(providers::load);
            complete = true;
            return providers;
        } finally {
            if (!complete) {
                providers.close();
            }
        }
    }

    private void load(Path place) {
        PluginLoader loader = PluginLoader.of(place);
        loaders.add(loader);
        String name = place.getFileName().toString().replaceFirst("\\.jar$", "");
        Optional<String> other = loader.builtFor().filter(spi -> !spi.equals(SPI));
        if (other.isPresent()) {
            unusable(
                    name,
                    place
                            + " was built for SPI "
                            + other.get()
                            + ", and this is SPI "
                            + SPI
                            + "; install a build of it for SPI "
                            + SPI);
        } else if (load(loader, place.toString(), name) == 0) {
            LOG.warn("{} holds no DCS plug-in; remove it, or put its jars there", place);
        }
    }

    private void unusable(String name, String why) {
        // Whoever asks for it is told; for everybody else it does not matter.
        LOG.info("a DCS plug-in cannot be used: {}", why);
        broken.put(name, why);
    }

    /** How many plug-ins are there, broken ones included. */
    private int load(ClassLoader loader, String source, String name) {
        ContextLoader context = new ContextLoader(loader);
        return context.call(
                () -> {
                    Iterator<DcsProvider> found =
                            ServiceLoader.load(DcsProvider.class, loader).iterator();
                    int count = 0;
                    while (count < MOST_IN_ONE_PLACE && add(found, context, source, name)) {
                        count++;
                    }
                    return count;
                });
    }

    /**
     * Takes the next plug-in. One that cannot be loaded is left out: only the one that is asked for
     * must work.
     */
    private boolean add(
            Iterator<DcsProvider> next, ContextLoader context, String source, String name) {
        try {
            if (!next.hasNext()) {
                return false;
            }
            Found found = new Found(next.next(), context, source);
            register(byName, found.name(), found);
            found.aliases().forEach(alias -> register(byAlias, alias, found));
        } catch (ServiceConfigurationError | LinkageError e) {
            unusable(name, source + " cannot be loaded (" + e + "); install it completely");
        }
        return true;
    }

    private void register(Map<String, Found> table, String name, Found found) {
        Found other = Optional.ofNullable(byName.get(name)).orElse(byAlias.get(name));
        if (other != null && other != found) {
            throw new ConfigException(
                    "two DCS plug-ins are named '"
                            + name
                            + "': one of "
                            + other.source
                            + " and one of "
                            + found.source
                            + "; remove one of them");
        }
        table.put(name, found);
    }

    /** Every word that selects a plug-in, aliases too, and what is wrong with the others. */
    public PlugIns plugIns() {
        return new PlugIns(names(), broken);
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(byName.keySet());
        names.addAll(byAlias.keySet());
        return names;
    }

    /**
     * Opens the plug-in that the name of the configuration's section selects. An alias is told once
     * in the log.
     *
     * @param listener called with this class's loader as context loader
     * @throws ConfigException if there is no such plug-in, or if it cannot be loaded
     * @throws io.matriarch.spi.DcsException.Misconfigured if a setting of its section is unusable
     */
    public Dcs open(DcsConfig config, DcsListener listener) {
        String wanted = config.section().name();
        DcsProvider chosen = provider(wanted);
        if (!byName.containsKey(wanted)) {
            LOG.warn(
                    "section {} selects the DCS plug-in {}; name the section {} to be rid of this"
                            + " warning",
                    wanted,
                    chosen.name(),
                    chosen.name());
        }
        return chosen.open(config, listener);
    }

    /**
     * The plug-in that a section's name selects, each call of which runs with the plug-in's loader
     * as context loader.
     *
     * @throws ConfigException if there is no such plug-in, or if it cannot be used
     */
    public DcsProvider provider(String section) {
        Found found = chosen(section);
        return new PluginProvider(found.provider, found.context, found.source);
    }

    /**
     * The class that the plug-in named for this section, for those who report its version.
     *
     * @throws ConfigException as {@link #provider}
     */
    public Class<?> providerClass(String section) {
        return chosen(section).provider.getClass();
    }

    private Found chosen(String wanted) {
        Found found = Optional.ofNullable(byName.get(wanted)).orElse(byAlias.get(wanted));
        if (found == null && broken.containsKey(wanted)) {
            throw new ConfigException(
                    "the DCS plug-in '" + wanted + "' cannot be used: " + broken.get(wanted));
        }
        if (found == null) {
            String list = names().isEmpty() ? "none" : String.join(", ", names());
            String meant =
                    NearMiss.nearest(wanted, names())
                            .map(name -> "; did you mean " + name + "?")
                            .orElse("");
            String unusable =
                    broken.isEmpty()
                            ? ""
                            : "; cannot be used: " + String.join(", ", broken.values());
            throw new ConfigException(
                    "no DCS plug-in named '" + wanted + "'; found: " + list + unusable + meant);
        }
        return found;
    }

    @Override
    public void close() {
        for (PluginLoader loader : loaders) {
            try {
                loader.close();
            } catch (IOException e) {
                LOG.warn("a plug-in's jars cannot be closed: {}", e.toString());
            }
        }
    }
}
