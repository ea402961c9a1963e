package io.matriarch.engine.config;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The DCS plug-ins that were found, as far as the configuration must know them.
 *
 * @param names words that select one, sorted
 * @param unusable why others cannot be used, by the name of their folder or jar, sorted. Which
 *     section selects them is not known: only a plug-in that can be loaded tells its name
 */
public record PlugIns(Set<String> names, Map<String, String> unusable) {
    /** Nothing was looked for. */
    public static final PlugIns NONE = new PlugIns(Set.of(), Map.of());

    public PlugIns {
        names = Collections.unmodifiableSet(new TreeSet<>(names));
        unusable = Collections.unmodifiableMap(new TreeMap<>(unusable));
    }
}
