package io.matriarch.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A plug-in that holds nothing and tells what it can see, as a jar. */
final class SamplePlugIn {
    private SamplePlugIn() {}

    /**
     * Compiles it under a name of its own.
     *
     * @param folder for its source and classes
     * @param aliases Java strings, separated by commas
     */
    static void pack(Path folder, Path jar, String name, String aliases) throws IOException {
        String code;
        try (var in = SamplePlugIn.class.getResourceAsStream("SampleProvider.txt")) {
            code = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        Path file = Files.createDirectories(folder).resolve("SampleProvider.java");
        Files.writeString(file, code.replace("@NAME@", name).replace("@ALIASES@", aliases));
        int result =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "-d",
                                folder.toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                file.toString());
        assertThat(result).isZero();
        jar(
                folder,
                jar,
                Map.of("META-INF/services/io.matriarch.spi.DcsProvider", "sample.SampleProvider"));
    }

    /** The classes of a folder, and texts by their path. */
    static void jar(Path folder, Path jar, Map<String, String> texts) throws IOException {
        Files.createDirectories(jar.getParent());
        List<Path> classes;
        try (Stream<Path> files = Files.walk(folder)) {
            classes = files.filter(path -> path.toString().endsWith(".class")).toList();
        }
        try (JarOutputStream packed = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path path : classes) {
                packed.putNextEntry(new JarEntry(folder.relativize(path).toString()));
                Files.copy(path, packed);
            }
            for (Map.Entry<String, String> text : texts.entrySet()) {
                packed.putNextEntry(new JarEntry(text.getKey()));
                packed.write(text.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
    }
}
