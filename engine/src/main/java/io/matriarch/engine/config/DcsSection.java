package io.matriarch.engine.config;

import io.matriarch.spi.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds the one section of the document that names the store. */
final class DcsSection {
    private final YamlSection top;
    private final Set<String> names;

    DcsSection(YamlSection top, Set<String> plugIns) {
        this.top = top;
        this.names = names(plugIns);
    }

    /** The well-known names and the given ones, sorted. */
    static Set<String> names(Set<String> plugIns) {
        Set<String> names = new TreeSet<>(ConfigSchema.STORES);
        names.addAll(plugIns);
        return names;
    }

    Set<String> names() {
        return names;
    }

    Section only() {
        List<String> present = names.stream().filter(top.values()::containsKey).toList();
        if (present.isEmpty()) {
            throw none();
        }
        if (present.size() > 1) {
            throw new ConfigException(
                    top.place(present.get(1))
                            + ": more than one DCS section ("
                            + String.join(", ", present)
                            + "); keep the one that the whole cluster uses");
        }
        String name = present.get(0);
        return new Section(name, withoutNulls(top.section(name).values()));
    }

    private ConfigException none() {
        String meant =
                top.values().keySet().stream()
                        .flatMap(
                                key ->
                                        NearMiss.nearest(key, names).stream()
                                                .map(
                                                        name ->
                                                                "; "
                                                                        + top.place(key)
                                                                        + ": "
                                                                        + key
                                                                        + ": did you mean "
                                                                        + name
                                                                        + "?"))
                        .findFirst()
                        .orElse("; add the section of your store");
        return new ConfigException(
                "Can not find suitable configuration of distributed configuration store. Available"
                        + " implementations: "
                        + String.join(", ", names)
                        + meant);
    }

    private static Map<String, Object> withoutNulls(Map<String, Object> values) {
        Map<String, Object> kept = new LinkedHashMap<>();
        values.forEach(
                (key, value) -> {
                    if (value instanceof Map<?, ?> map) {
                        kept.put(key, withoutNulls(DynamicConfig.keyed(map)));
                    } else if (value != null) {
                        kept.put(key, value);
                    }
                });
        return kept;
    }
}
