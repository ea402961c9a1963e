package io.matriarch.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.engine.config.ConfigException;
import io.matriarch.spi.Dcs;
import io.matriarch.spi.DcsConfig;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.DcsSettings;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;
import io.matriarch.spi.Section;
import io.matriarch.spi.Ticker;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DcsProvidersTest {
    /** A class path without any plug-in. */
    private static final ClassLoader BARE = new PluginParent();

    @TempDir private Path directory;
    private Path plugIns;

    @BeforeEach
    void makeTheFolder() throws IOException {
        plugIns = Files.createDirectory(directory.resolve("plugins"));
    }

    private void plugIn(Path jar, String name, String aliases) throws IOException {
        SamplePlugIn.pack(Files.createTempDirectory(directory, "source"), jar, name, aliases);
    }

    private static DcsConfig config(String section) {
        return new DcsConfig(
                new Scope("/service", "demo"),
                Optional.empty(),
                new Section(section, Map.of()),
                DcsSettings.defaults(),
                Ticker.system());
    }

    private DcsProviders found() {
        return DcsProviders.find(BARE, List.of(plugIns));
    }

    @Test
    void aPlugInSeesNothingButTheJdkTheSpiAndTheLoggingApi() throws IOException {
        plugIn(plugIns.resolve("sample/sample.jar"), "sample", "");
        try (DcsProviders providers = found();
                Dcs dcs = providers.open(config("sample"), hint -> {})) {
            assertThat(dcs.traits().note())
                    .isEqualTo(
                            "jackson hidden, engine hidden, slf4j seen, sql seen,"
                                    + " open in plug-in sample, call in plug-in sample,"
                                    + " thread in plug-in sample");
        }
    }

    @Test
    void theCallersContextLoaderIsRestoredAlsoAfterAFailure() throws IOException {
        plugIn(plugIns.resolve("sample.jar"), "sample", "");
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (DcsProviders providers = found();
                Dcs dcs = providers.open(config("sample"), hint -> {})) {
            assertThatThrownBy(() -> dcs.reconfigure(DcsSettings.defaults()))
                    .isInstanceOf(DcsException.NotApplied.class);
            assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
        }
    }

    @Test
    void theListenerRunsInTheEnginesContext() throws IOException {
        plugIn(plugIns.resolve("sample.jar"), "sample", "");
        Set<Object> seen = new HashSet<>();
        try (DcsProviders providers = found();
                Dcs dcs =
                        providers.open(
                                config("sample"),
                                hint -> {
                                    seen.addAll(hint);
                                    seen.add(Thread.currentThread().getContextClassLoader());
                                })) {
            assertThat(dcs).isNotNull();
            assertThat(seen)
                    .containsExactlyInAnyOrder(
                            EntryKind.LEADER, DcsProviders.class.getClassLoader());
        }
    }

    @Test
    void twoPlugInsWithTheSameClassesLiveSideBySide() throws IOException {
        plugIn(plugIns.resolve("a/lib/x.jar"), "one", "");
        plugIn(plugIns.resolve("b.jar"), "two", "\"zwei\"");
        try (DcsProviders providers = found();
                Dcs dcs = providers.open(config("zwei"), hint -> {})) {
            assertThat(providers.plugIns().names()).containsExactly("one", "two", "zwei");
            assertThat(dcs.traits().note()).contains("call in plug-in b.jar");
        }
    }

    @Test
    void anUnknownNameIsAnErrorThatTellsWhatThereIs() throws IOException {
        plugIn(plugIns.resolve("a.jar"), "etcd3", "\"etcd\"");
        try (DcsProviders providers = found()) {
            assertThatThrownBy(() -> providers.open(config("etdc"), hint -> {}))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "no DCS plug-in named 'etdc'; found: etcd, etcd3; did you mean etcd?");
        }
        try (DcsProviders none = DcsProviders.find(BARE, List.of())) {
            assertThatThrownBy(() -> none.open(config("x"), hint -> {}))
                    .hasMessage("no DCS plug-in named 'x'; found: none");
        }
    }

    @Test
    void twoPlugInsWithOneNameAreAnError() throws IOException {
        plugIn(plugIns.resolve("a.jar"), "one", "");
        plugIn(plugIns.resolve("b.jar"), "two", "\"one\"");
        assertThatThrownBy(this::found)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("two DCS plug-ins are named 'one'")
                .hasMessageContaining("a.jar")
                .hasMessageContaining("b.jar");
    }

    @Test
    void plugInsOnTheClassPathAreFoundToo() throws IOException {
        Path jar = directory.resolve("classpath.jar");
        plugIn(jar, "sample", "");
        URL[] urls = {jar.toUri().toURL()};
        try (URLClassLoader classPath =
                        new URLClassLoader("app", urls, getClass().getClassLoader());
                DcsProviders providers = DcsProviders.find(classPath, List.of(plugIns));
                Dcs dcs = providers.open(config("sample"), hint -> {})) {
            assertThat(dcs.traits().note()).contains("jackson seen").contains("call in app");
        }
    }

    @Test
    void aBrokenPlugInDoesNotStandInTheWayOfAnother() throws IOException {
        plugIn(plugIns.resolve("a.jar"), "one", "");
        Path broken = plugIns.resolve("b.jar");
        try (JarOutputStream packed = new JarOutputStream(Files.newOutputStream(broken))) {
            packed.putNextEntry(new JarEntry("META-INF/services/io.matriarch.spi.DcsProvider"));
            packed.write("no.such.Provider".getBytes(StandardCharsets.UTF_8));
        }
        Files.createDirectory(plugIns.resolve("empty"));
        try (DcsProviders providers = found()) {
            assertThat(providers.plugIns().names()).containsExactly("one");
            assertThat(providers.plugIns().unusable()).containsOnlyKeys("b");
            assertThatThrownBy(() -> providers.open(config("two"), hint -> {}))
                    .hasMessageStartingWith("no DCS plug-in named 'two'; found: one; ")
                    .hasMessageContaining("cannot be used: " + broken + " cannot be loaded");
            assertThatThrownBy(() -> providers.open(config("b"), hint -> {}))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("the DCS plug-in 'b' cannot be used: " + broken);
        }
    }

    @Test
    void aPlugInForAnotherSpiIsRefusedInOneSentence() throws IOException {
        plugIn(plugIns.resolve("acme/acme.jar"), "acme", "");
        Path mark = plugIns.resolve("acme/marked.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Matriarch-SPI", "7");
        new JarOutputStream(Files.newOutputStream(mark), manifest).close();
        try (DcsProviders providers = found()) {
            assertThat(providers.plugIns().names()).isEmpty();
            assertThat(providers.plugIns().unusable()).containsOnlyKeys("acme");
            assertThatThrownBy(() -> providers.open(config("acme"), hint -> {}))
                    .isInstanceOf(ConfigException.class)
                    .hasMessage(
                            "the DCS plug-in 'acme' cannot be used: "
                                    + mark.getParent()
                                    + " was built for SPI 7, and this is SPI 1; install a build of"
                                    + " it for SPI 1");
        }
    }

    @Test
    void aDistributionHasItsOwnPlugInsAndThoseOfOthers() throws IOException {
        plugIn(directory.resolve("home/dcs/own/x.jar"), "own", "");
        plugIn(directory.resolve("home/plugins/theirs.jar"), "theirs", "");
        Path home = directory.resolve("home");
        try (DcsProviders providers = DcsProviders.find(Optional.of(home))) {
            assertThat(providers.plugIns().names()).contains("own", "theirs");
        }
    }

    @Test
    void aFolderThatDoesNotExistHoldsNone() {
        List<Path> missing = List.of(directory.resolve("missing"));
        try (DcsProviders providers = DcsProviders.find(BARE, missing)) {
            assertThat(providers.plugIns().names()).isEmpty();
        }
    }
}
