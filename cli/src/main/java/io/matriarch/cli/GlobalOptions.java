package io.matriarch.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that precede the command. */
final class GlobalOptions {
    @Option(
            names = {"-c", "--config-file"},
            paramLabel = "PATH",
            description =
                    "Configuration file (or the variables MATRIARCHCTL_CONFIG_FILE and"
                            + " PATRONICTL_CONFIG_FILE).")
    private Path configFile;

    @Option(
            names = {"-d", "--dcs-url", "--dcs"},
            paramLabel = "URL",
            description =
                    "The store, as scheme://host:port/namespace, instead of the one in the file"
                            + " (or the variable DCS_URL).")
    private String dcsUrl;

    @Option(
            names = {"-k", "--insecure"},
            description = "Do not verify the certificates of REST servers.")
    private boolean insecure;

    @Option(names = "--debug", description = "Print the trace of an error.")
    private boolean debug;

    @Option(
            names = "--strict-exit",
            negatable = true,
            fallbackValue = "true",
            description =
                    "Exit with 3 when an operation was refused or failed and with 4 when its result"
                            + " is unknown (or the variables MATRIARCHCTL_STRICT_EXIT and"
                            + " PATRONICTL_STRICT_EXIT).")
    private Boolean strictExit;

    Optional<Path> configFile() {
        return Optional.ofNullable(configFile);
    }

    Optional<String> dcsUrl() {
        return Optional.ofNullable(dcsUrl);
    }

    boolean insecure() {
        return insecure;
    }

    boolean debug() {
        return debug;
    }

    /** The option, else the environment, else what the name of the program says. */
    boolean strictExit(Surroundings surroundings) {
        if (strictExit != null) {
            return strictExit;
        }
        for (String variable :
                new String[] {"MATRIARCHCTL_STRICT_EXIT", "PATRONICTL_STRICT_EXIT"}) {
            String value = surroundings.environment().get(variable);
            if (value != null && !value.isBlank()) {
                return value.matches("(?i)\\s*(1|on|true|yes)\\s*");
            }
        }
        return surroundings.isStrictByName();
    }
}
