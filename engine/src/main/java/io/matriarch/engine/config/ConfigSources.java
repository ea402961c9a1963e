package io.matriarch.engine.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The local document, merged from its files and the environment.
 *
 * @param values the merged document
 * @param places where each key stands
 * @param warnings of the parser
 */
record ConfigSources(Map<String, Object> values, Places places, List<String> warnings) {
    /**
     * @param path a file, or a directory whose {@code .yml} and {@code .yaml} files are merged in
     *     the order of their names
     * @param sections names of DCS sections, for the generic variables
     */
    static ConfigSources read(
            Optional<Path> path, Map<String, String> environment, Set<String> sections) {
        Optional<String> inline =
                Stream.of("MATRIARCH_CONFIGURATION", "PATRONI_CONFIGURATION")
                        .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                        .findFirst();
        boolean exists = path.filter(Files::exists).isPresent();
        if (!exists && inline.isPresent()) {
            // The peer's rule: this text stands alone, without the other variables.
            String name = inline.get();
            return empty("environment variable " + name).with(name, environment.get(name));
        }
        if (path.isPresent() && !exists) {
            throw new ConfigException(
                    "configuration file "
                            + path.get()
                            + " does not exist or is out of reach; give an existing file or"
                            + " directory");
        }
        return path.map(ConfigSources::files)
                .orElse(empty("environment"))
                .with(EnvironmentVariables.read(environment, sections));
    }

    /** Refuses a document that holds nothing at all. */
    ConfigSources filled() {
        if (values.isEmpty()) {
            throw new ConfigException(
                    "Config is empty. Give a YAML file, or set PATRONI_* variables");
        }
        return this;
    }

    private static ConfigSources empty(String name) {
        return new ConfigSources(Map.of(), new Places(Map.of(), name), List.of());
    }

    private static ConfigSources files(Path path) {
        ConfigSources sources = empty(path.toString());
        for (Path file : Files.isDirectory(path) ? listed(path) : List.of(path)) {
            sources = sources.with(file.toString(), text(file));
        }
        return sources;
    }

    private static List<Path> listed(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> files =
                    entries.filter(file -> file.toString().matches(".*\\.ya?ml"))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList();
            if (files.isEmpty()) {
                throw new ConfigException(
                        directory + " holds no .yml or .yaml file; put the configuration there");
            }
            return files;
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ConfigException unreadable(Path file, IOException e) {
        String reason =
                e instanceof java.nio.file.AccessDeniedException
                        ? "permission denied"
                        : e instanceof java.nio.charset.CharacterCodingException
                                ? "it is no UTF-8 text"
                                : e.getMessage();
        return new ConfigException(
                file + " cannot be read: " + reason + "; check its owner and its content", e);
    }

    private ConfigSources with(String source, String text) {
        YamlText yaml = YamlText.parse(source, text);
        if (!(yaml.value() instanceof Map<?, ?> map)) {
            throw new ConfigException(
                    "invalid config file " + source + ": it does not hold a mapping of keys");
        }
        return merged(DynamicConfig.keyed(map), yaml.places(), yaml.warnings());
    }

    private ConfigSources with(EnvironmentVariables.Document environment) {
        return merged(environment.values(), environment.places(), List.of());
    }

    private ConfigSources merged(
            Map<String, Object> later, Map<String, String> laterPlaces, List<String> more) {
        List<String> all = new ArrayList<>(warnings);
        all.addAll(more);
        return new ConfigSources(
                new LinkedHashMap<>(DynamicConfig.patch(values, later)),
                places.with(laterPlaces),
                List.copyOf(all));
    }
}
