package io.matriarch.engine.plugin;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The conformance kit of a distribution. Its jars are in a folder of their own and get a class
 * loader of their own, as a plug-in does: the test libraries never meet the daemon's. It shares the
 * JDK, the SPI and the logging API with the caller and nothing else, so it is called by name.
 */
public final class ConformanceKit {
    /**
     * {@code static int run(DcsProvider, Class, Section, Map, PrintStream)}: the plug-in, its own
     * class, the section that opens it, options, and where people read.
     */
    private static final String ENTRY = "io.matriarch.conformance.live.LiveRun";

    private final Path folder;

    private ConformanceKit(Path folder) {
        this.folder = folder;
    }

    /**
     * @param home where the distribution is
     * @throws ConfigException if it was installed without the kit
     */
    public static ConformanceKit in(Path home) {
        Path folder = home.resolve("conformance");
        if (!Files.isDirectory(folder)) {
            throw new ConfigException(
                    "there is no conformance kit in "
                            + folder
                            + "; install the whole distribution");
        }
        return new ConformanceKit(folder);
    }

    /**
     * Runs the kit on the store that the section reaches, which takes minutes.
     *
     * @param options as the kit's entry names them
     * @return the kit's exit code
     * @throws ConfigException if there is no such plug-in, or if the kit cannot be loaded
     * @throws io.matriarch.spi.DcsException.Misconfigured if a setting of the section is unusable
     */
    public int run(
            DcsProviders providers,
            Section section,
            Map<String, String> options,
            PrintStream output) {
        DcsProvider plugIn = providers.provider(section.name());
        Class<?> itsClass = providers.providerClass(section.name());
        try (PluginLoader loader = PluginLoader.of(folder)) {
            return new ContextLoader(loader)
                    .call(() -> call(loader, plugIn, itsClass, section, options, output));
        } catch (IOException e) {
            throw new ConfigException(folder + " cannot be closed: " + e.getMessage(), e);
        }
    }

    private int call(ClassLoader loader, Object... arguments) {
        try {
            Method run =
                    loader.loadClass(ENTRY)
                            .getMethod(
                                    "run",
                                    DcsProvider.class,
                                    Class.class,
                                    Section.class,
                                    Map.class,
                                    PrintStream.class);
            return (int) run.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException meant) {
                throw meant;
            }
            throw broken(e.getCause());
        } catch (ReflectiveOperationException | LinkageError e) {
            throw broken(e);
        }
    }

    private ConfigException broken(Throwable reason) {
        return new ConfigException(
                "the conformance kit in "
                        + folder
                        + " cannot be run: "
                        + reason
                        + "; install the whole distribution",
                reason);
    }
}
