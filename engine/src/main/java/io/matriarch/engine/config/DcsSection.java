package io.matriarch.engine.config;

import io.matriarch.spi.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the one section of the document that names the store. */
final class DcsSection {
    private final YamlSection top;
    private final PlugIns plugIns;
    private final Set<String> names;

    DcsSection(YamlSection top, PlugIns plugIns) {
        this.top = top;
        this.plugIns = plugIns;
        this.names = names(plugIns);
    }

    /**
     * The words that a store's section may have, sorted: the well-known ones, those of plug-ins,
     * and the folders of plug-ins that cannot be used, so that asking for one tells why.
     */
    static Set<String> names(PlugIns plugIns) {
        Set<String> names = new TreeSet<>(ConfigSchema.STORES);
        names.addAll(plugIns.names());
        // A folder may have any name, and must not make a section of something else a store's.
        plugIns.unusable().keySet().stream()
                .filter(folder -> !ConfigSchema.isKnown(folder))
                .forEach(names::add);
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
        Set<String> available =
                plugIns.names().isEmpty() ? new TreeSet<>(ConfigSchema.STORES) : plugIns.names();
        String meant =
                misspelt(available).or(this::unknown).orElse("; add the section of your store");
        // Which of them was meant, if any, cannot be told: it has no name but its folder's.
        String unusable =
                plugIns.unusable().isEmpty()
                        ? ""
                        : "; cannot be used: " + String.join(", ", plugIns.unusable().values());
        return new ConfigException(
                "Can not find suitable configuration of distributed configuration store. Available"
                        + " implementations: "
                        + String.join(", ", available)
                        + meant
                        + unusable);
    }

    private Optional<String> misspelt(Set<String> available) {
        return top.values().keySet().stream()
                .flatMap(
                        key ->
                                NearMiss.nearest(key, available).stream()
                                        .map(
                                                name ->
                                                        "; "
                                                                + top.place(key)
                                                                + ": "
                                                                + key
                                                                + ": did you mean "
                                                                + name
                                                                + "?"))
                .findFirst();
    }

    /** The section of a plug-in that is not there: one that nobody else would read either. */
    private Optional<String> unknown() {
        return top.values().entrySet().stream()
                .filter(each -> each.getValue() == null || each.getValue() instanceof Map)
                .map(Map.Entry::getKey)
                .filter(key -> !ConfigSchema.isNearlyKnown(key))
                .map(key -> "; " + top.place(key) + ": no DCS plug-in named '" + key + "'")
                .reduce(String::concat);
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
