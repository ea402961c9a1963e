package io.matriarch.postgres;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves out parameters that the installed server does not know: it would refuse to start for one
 * of them. Names with a dot belong to extensions and pass.
 */
final class KnownParameters {
    private static final Logger log = LoggerFactory.getLogger(KnownParameters.class);

    private final Instance instance;
    private String program = "";
    private Set<String> described = Set.of();
    private final Map<String, Boolean> asked = new HashMap<>();

    KnownParameters(Instance instance) {
        this.instance = instance;
    }

    synchronized Map<String, String> only(Map<String, String> values) {
        describe();
        Map<String, String> known = new TreeMap<>();
        values.forEach(
                (name, value) -> {
                    if (name.contains(".") || knows(name.toLowerCase(Locale.ROOT))) {
                        known.put(name, value);
                    } else {
                        log.warn(
                                "Removing unexpected parameter={} value={} from the config",
                                name,
                                value);
                    }
                });
        return known;
    }

    /** Once for each installation; a failure leaves everything in. */
    private void describe() {
        String now = instance.tool("postgres") + " of " + instance.directory().major();
        if (now.equals(program)) {
            return;
        }
        asked.clear();
        described = Set.of();
        try {
            Commands.Result result = instance.runTool("postgres", List.of("--describe-config"));
            if (result.ok()) {
                Set<String> names = new HashSet<>();
                result.output()
                        .lines()
                        .map(line -> line.split("\t")[0].toLowerCase(Locale.ROOT))
                        .forEach(names::add);
                described = names;
                program = now;
            }
        } catch (IOException e) {
            log.warn("The server's list of parameters cannot be read: {}", e.toString());
        }
    }

    private boolean knows(String name) {
        return described.isEmpty()
                || described.contains(name)
                || asked.computeIfAbsent(name, this::ask);
    }

    /** The list omits developers' parameters; the server can be asked for one by name. */
    private boolean ask(String name) {
        try {
            Commands.Result result =
                    instance.runTool(
                            "postgres",
                            List.of(
                                    "-D",
                                    instance.config().dataDir(),
                                    "--config-file=/dev/null",
                                    "-C",
                                    name));
            return result.ok() || !result.output().contains("unrecognized configuration parameter");
        } catch (IOException e) {
            log.warn("Parameter {} cannot be checked: {}", name, e.toString());
            return true;
        }
    }
}
