package io.matriarch.engine.plugin;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.NearMiss;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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
 * The plug-ins for consensus stores: those on the class path, and those in a folder, where each
 * sub-folder of jars and each single jar has a class loader of its own. Finding them touches no
 * class of any store's client library; opening touches the chosen one's only. Closing gives the
 * class loaders up and must come after the last backend was closed.
 */
public final class DcsProviders implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DcsProviders.class);

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
    private final Set<String> broken = new TreeSet<>();
    private final List<PluginLoader> loaders = new ArrayList<>();

    private DcsProviders() {}

    /**
     * @param folder the plug-ins' folder; one that does not exist holds none
     * @throws ConfigException if two plug-ins have one name, or the folder cannot be read
     */
    public static DcsProviders find(Optional<Path> folder) {
        return find(DcsProviders.class.getClassLoader(), folder);
    }

    static DcsProviders find(ClassLoader classPath, Optional<Path> folder) {
        DcsProviders providers = new DcsProviders();
        boolean complete = false;
        try {
            providers.load(classPath, "class path");
            for (Path place :
                    folder.filter(Files::isDirectory).map(PluginLoader::places).orElse(List.of())) {
                PluginLoader loader = PluginLoader.of(place);
                providers.loaders.add(loader);
                if (providers.load(loader, place.toString()) == 0) {
                    LOG.warn("{} holds no DCS plug-in; remove it, or put its jars there", place);
                }
            }
            complete = true;
            return providers;
        } finally {
            if (!complete) {
                providers.close();
            }
        }
    }

    /** How many plug-ins are there, broken ones included. */
    private int load(ClassLoader loader, String source) {
        ContextLoader context = new ContextLoader(loader);
        return context.call(
                () -> {
                    Iterator<DcsProvider> found =
                            ServiceLoader.load(DcsProvider.class, loader).iterator();
                    int count = 0;
                    while (count < MOST_IN_ONE_PLACE && add(found, context, source)) {
                        count++;
                    }
                    return count;
                });
    }

    /**
     * Takes the next plug-in. One that cannot be loaded is left out: only the one that is asked for
     * must work.
     */
    private boolean add(Iterator<DcsProvider> next, ContextLoader context, String source) {
        try {
            if (!next.hasNext()) {
                return false;
            }
            Found found = new Found(next.next(), context, source);
            register(byName, found.name(), found);
            found.aliases().forEach(alias -> register(byAlias, alias, found));
        } catch (ServiceConfigurationError | LinkageError e) {
            LOG.warn("a DCS plug-in of {} cannot be loaded: {}", source, e.toString());
            broken.add(source);
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

    /** Every word that selects a plug-in, aliases included, sorted. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>(byName.keySet());
        names.addAll(byAlias.keySet());
        return Collections.unmodifiableSet(names);
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
        Found found = chosen(wanted);
        if (!byName.containsKey(wanted)) {
            LOG.warn(
                    "section {} selects the DCS plug-in {}; name the section {} to be rid of this"
                            + " warning",
                    wanted,
                    found.name(),
                    found.name());
        }
        ContextLoader own = new ContextLoader(DcsProviders.class.getClassLoader());
        DcsListener inOwnContext = hint -> own.run(() -> listener.changed(hint));
        try {
            Dcs backend = found.context.call(() -> found.provider.open(config, inOwnContext));
            return new PluginDcs(backend, found.context);
        } catch (LinkageError e) {
            throw new ConfigException(
                    "the DCS plug-in '"
                            + wanted
                            + "' of "
                            + found.source
                            + " cannot be loaded: "
                            + e
                            + "; install it completely",
                    e);
        }
    }

    private Found chosen(String wanted) {
        Found found = Optional.ofNullable(byName.get(wanted)).orElse(byAlias.get(wanted));
        if (found == null) {
            String list = names().isEmpty() ? "none" : String.join(", ", names());
            String meant =
                    NearMiss.nearest(wanted, names())
                            .map(name -> "; did you mean " + name + "?")
                            .orElse("");
            String unusable =
                    broken.isEmpty() ? "" : "; cannot be loaded: " + String.join(", ", broken);
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
