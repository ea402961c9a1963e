package io.matriarch.engine.plugin;

import io.matriarch.engine.config.ConfigException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The class loader of one plug-in: its own jars, under {@link PluginParent}. */
final class PluginLoader extends URLClassLoader {
    private PluginLoader(String name, URL[] jars) {
        super(name, jars, new PluginParent());
    }

    /** The plug-ins of a folder, sorted: its sub-folders and its jars. */
    static List<Path> places(Path folder) {
        return listed(folder).stream()
                .filter(path -> Files.isDirectory(path) || isJar(path))
                .toList();
    }

    /**
     * @param place a jar, or a folder with jars in it or in its {@code lib}
     */
    static PluginLoader of(Path place) {
        Path lib = place.resolve("lib");
        Stream<Path> jars =
                !Files.isDirectory(place)
                        ? Stream.of(place)
                        : Stream.concat(
                                listed(place).stream(),
                                Files.isDirectory(lib) ? listed(lib).stream() : Stream.empty());
        URL[] urls = jars.filter(PluginLoader::isJar).map(PluginLoader::url).toArray(URL[]::new);
        return new PluginLoader("plug-in " + place.getFileName(), urls);
    }

    private static boolean isJar(Path path) {
        return path.toString().endsWith(".jar") && Files.isRegularFile(path);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new ConfigException(jar + " has a name that no URL can hold; rename it", e);
        }
    }

    private static List<Path> listed(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        } catch (IOException e) {
            throw new ConfigException(
                    "the plug-in folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
