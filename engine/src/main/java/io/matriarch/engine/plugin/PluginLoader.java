package io.matriarch.engine.plugin;

import io.matriarch.engine.config.ConfigException;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The class loader of one plug-in: its own jars, under {@link PluginParent}. */
final class PluginLoader extends URLClassLoader {
    private static final Logger LOG = LoggerFactory.getLogger(PluginLoader.class);

    /** The line of a jar's manifest that names the SPI which the plug-in was built for. */
    private static final String BUILT_FOR = "Matriarch-SPI";

    private final List<Path> jars;

    private PluginLoader(String name, List<Path> jars) {
        super(name, jars.stream().map(PluginLoader::url).toArray(URL[]::new), new PluginParent());
        this.jars = jars;
    }

    /** The SPI version that one of the jars names, if one does. */
    Optional<String> builtFor() {
        return jars.stream().flatMap(jar -> builtFor(jar).stream()).findFirst();
    }

    private static Optional<String> builtFor(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            return Optional.ofNullable(file.getManifest())
                    .map(manifest -> manifest.getMainAttributes().getValue(BUILT_FOR))
                    .map(String::trim);
        } catch (IOException e) {
            // Whatever is wrong with it shows again, with its name, when the plug-in is loaded.
            LOG.debug("{} cannot be read: {}", jar, e.toString());
            return Optional.empty();
        }
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
        return new PluginLoader(
                "plug-in " + place.getFileName(), jars.filter(PluginLoader::isJar).toList());
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
