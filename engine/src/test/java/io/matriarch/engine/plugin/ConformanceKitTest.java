package io.matriarch.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.spi.Section;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceKitTest {
    private static final String KIT =
            """
            package io.matriarch.conformance.live;
            import io.matriarch.spi.*;
            public final class LiveRun {
                static boolean sees(String name) {
                    try {
                        Class.forName(name);
                        return true;
                    } catch (ClassNotFoundException e) {
                        return false;
                    }
                }
                public static int run(DcsProvider provider, Class<?> itsClass, Section section,
                        java.util.Map<String, String> options, java.io.PrintStream output) {
                    if (options.containsKey("wrong")) {
                        throw new DcsException.Misconfigured("wrong");
                    }
                    output.print(provider.name() + " " + itsClass.getSimpleName() + " " + section.name()
                            + " " + options + " " + sees("org.junit.jupiter.api.Test")
                            + " " + Thread.currentThread().getContextClassLoader().getName());
                    return 3;
                }
            }
            """;

    @TempDir private Path home;

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();

    private int run(Map<String, String> options) throws IOException, URISyntaxException {
        URL[] none = {};
        try (PrintStream output = new PrintStream(told, true, StandardCharsets.UTF_8);
                URLClassLoader classPath = new URLClassLoader("app", none, new PluginParent());
                DcsProviders providers =
                        DcsProviders.find(classPath, List.of(home.resolve("plugins")))) {
            return ConformanceKit.in(home)
                    .run(providers, new Section("sample", Map.of()), options, output);
        }
    }

    private void installThePlugIn() throws IOException {
        SamplePlugIn.pack(home.resolve("source"), home.resolve("plugins/a.jar"), "sample", "");
    }

    private void installTheKit() throws IOException {
        Path source = Files.createDirectories(home.resolve("kit-source"));
        Path file = Files.writeString(source.resolve("LiveRun.java"), KIT);
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                source.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                file.toString());
        assertThat(result).isZero();
        SamplePlugIn.jar(source, home.resolve("conformance/kit.jar"), Map.of());
    }

    @Test
    void theKitSeesTheSpiAndItsOwnJarsAndNothingOfTheCallers() throws Exception {
        installThePlugIn();
        installTheKit();
        assertThat(run(Map.of("ttl", "3"))).isEqualTo(3);
        assertThat(told.toString(StandardCharsets.UTF_8))
                .isEqualTo("sample SampleProvider sample {ttl=3} false plug-in conformance");
    }

    @Test
    void whatTheKitThrowsReachesTheCaller() throws Exception {
        installThePlugIn();
        installTheKit();
        assertThatThrownBy(() -> run(Map.of("wrong", "yes"))).hasMessage("wrong");
    }

    @Test
    void aMissingKitIsToldInOneSentence() throws Exception {
        installThePlugIn();
        assertThatThrownBy(() -> run(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "there is no conformance kit in "
                                + home.resolve("conformance")
                                + "; install the whole distribution");
    }

    @Test
    void anIncompleteKitIsToldInOneSentence() throws Exception {
        installThePlugIn();
        Files.createDirectories(home.resolve("conformance"));
        assertThatThrownBy(() -> run(Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith("the conformance kit in " + home)
                .hasMessageContaining("cannot be run: ")
                .hasMessageEndingWith("; install the whole distribution");
    }
}
