package io.matriarch.engine.plugin;

import io.matriarch.spi.DcsProvider;

/**
 * The parent of a plug-in's class loader. It shows the JDK, the SPI and the logging API and nothing
 * else, so that the libraries of the daemon and of two plug-ins never meet.
 */
final class PluginParent extends ClassLoader {
    PluginParent() {
        super("plug-in parent", ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (name.startsWith("io.matriarch.spi.") || name.startsWith("org.slf4j.")) {
            return Class.forName(name, false, DcsProvider.class.getClassLoader());
        }
        throw new ClassNotFoundException(name);
    }
}
