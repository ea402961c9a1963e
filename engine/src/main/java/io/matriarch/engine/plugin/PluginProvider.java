package io.matriarch.engine.plugin;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsListener;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A plug-in, each call of which runs with the plug-in's loader as context loader, and each call
 * back of which with ours.
 *
 * @param source where it came from, for messages
 */
record PluginProvider(DcsProvider provider, ContextLoader context, String source)
        implements DcsProvider {
    @Override
    public String name() {
        return context.call(provider::name);
    }

    @Override
    public Set<String> aliases() {
        return context.call(provider::aliases);
    }

    @Override
    public Optional<Section> rerouted(Section section, UnaryOperator<InetSocketAddress> way) {
        return context.call(() -> provider.rerouted(section, way));
    }

    @Override
    public Dcs open(DcsConfig config, DcsListener listener) {
        ContextLoader own = new ContextLoader(PluginProvider.class.getClassLoader());
        DcsListener inOwnContext = hint -> own.run(() -> listener.changed(hint));
        try {
            Dcs backend = context.call(() -> provider.open(config, inOwnContext));
            return new PluginDcs(backend, context);
        } catch (LinkageError e) {
            throw new ConfigException(
                    "the DCS plug-in '"
                            + config.section().name()
                            + "' of "
                            + source
                            + " cannot be loaded: "
                            + e
                            + "; install it completely, in a build for SPI "
                            + DcsProvider.SPI_VERSION,
                    e);
        }
    }
}
