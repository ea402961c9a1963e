package io.matriarch.engine.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Options for a PostgreSQL tool, written as a list of texts and one-pair mappings or as a mapping,
 * as command-line words. Both forms pass the same checks.
 */
final class CommandOptions {
    private final String tool;
    private final Set<String> forbidden;
    private final Consumer<String> problems;
    private final List<String> words = new ArrayList<>();

    private CommandOptions(String tool, Set<String> forbidden, Consumer<String> problems) {
        this.tool = tool;
        this.forbidden = forbidden;
        this.problems = problems;
    }

    private static Set<String> names(String text) {
        return Set.of(text.split(" "));
    }

    /** Refuses at once: a cluster made with other options than asked for cannot be mended. */
    static List<String> initdb(Object options) {
        return words(
                "initdb",
                options,
                names("pgdata nosync pwfile sync-only version"),
                problem -> {
                    throw new ConfigException(problem + "; remove it from bootstrap.initdb");
                });
    }

    static List<String> basebackup(Object options, List<String> warnings) {
        return words(
                "pg_basebackup",
                options,
                names(
                        "pgdata format wal-method xlog-method gzip version dbname host port"
                                + " username password"),
                problem -> warnings.add(problem + " and is left out"));
    }

    static List<String> rewind(Object options, List<String> warnings) {
        return words(
                "pg_rewind",
                options,
                names(
                        "target-pgdata source-pgdata source-server write-recovery-conf dry-run"
                                + " restore-target-wal config-file no-ensure-shutdown version"
                                + " help"),
                problem -> warnings.add(problem + " and is left out"));
    }

    private static List<String> words(
            String tool, Object options, Set<String> forbidden, Consumer<String> problems) {
        CommandOptions made = new CommandOptions(tool, forbidden, problems);
        if (options instanceof Map<?, ?> map) {
            map.forEach(made::pair);
        } else if (options instanceof List<?> list) {
            list.forEach(made::item);
        } else if (options != null) {
            problems.accept(
                    "the options of "
                            + tool
                            + " must be a list or a mapping: this is no"
                            + " such thing");
        }
        return List.copyOf(made.words);
    }

    private void item(Object item) {
        if (item instanceof Map<?, ?> map && map.size() == 1) {
            map.forEach(this::pair);
        } else if (item instanceof String text && !text.isBlank()) {
            String option = text.trim().replaceFirst("^-+", "");
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            if (allowed(name, equals < 0 ? "" : option.substring(equals + 1))) {
                words.add("--" + option);
            }
        } else {
            problems.accept(
                    "an option of " + tool + " is neither a text nor a mapping with one pair");
        }
    }

    private void pair(Object key, Object value) {
        String name = String.valueOf(key);
        if (value == null || value.equals("") || Boolean.FALSE.equals(value)) {
            return;
        }
        if (!Words.isScalar(value)) {
            problems.accept("option " + name + " of " + tool + " has no text as its value");
        } else if (allowed(name, value.toString())) {
            boolean alone = Boolean.TRUE.equals(value);
            words.add("--" + name + (alone ? "" : "=" + unquoted(value.toString())));
        }
    }

    private boolean allowed(String name, String value) {
        // Compression on the client would need a format of its own.
        boolean clientCompression =
                tool.equals("pg_basebackup")
                        && name.equals("compress")
                        && !unquoted(value).startsWith("server");
        if (!forbidden.contains(name) && !clientCompression) {
            return true;
        }
        problems.accept("option " + name + " of " + tool + " is not allowed");
        return false;
    }

    private static String unquoted(String text) {
        boolean quoted =
                text.length() >= 2
                        && (text.startsWith("'") && text.endsWith("'")
                                || text.startsWith("\"") && text.endsWith("\""));
        return quoted ? text.substring(1, text.length() - 1) : text;
    }
}
