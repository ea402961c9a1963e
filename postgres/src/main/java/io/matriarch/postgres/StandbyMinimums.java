package io.matriarch.postgres;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a standby must have at least of some parameters, whatever is configured. */
final class StandbyMinimums {
    /** Parameter to its line of pg_controldata: a standby needs at least the primary's values. */
    private static final Map<String, String> LINES =
            Map.of(
                    "max_connections", "max_connections setting",
                    "max_prepared_transactions", "max_prepared_xacts setting",
                    "max_locks_per_transaction", "max_locks_per_xact setting",
                    "max_worker_processes", "max_worker_processes setting",
                    "max_wal_senders", "max_wal_senders setting");

    private StandbyMinimums() {}

    /** The parameters for which pg_control asks more than is configured. */
    static Map<String, String> larger(Map<String, String> wanted, Map<String, String> control) {
        Map<String, String> larger = new TreeMap<>();
        LINES.forEach(
                (name, line) -> {
                    Optional<Long> required = number(control.get(line));
                    Optional<Long> configured = number(wanted.get(name));
                    if (required.isPresent()
                            && configured.isPresent()
                            && required.get() > configured.get()) {
                        larger.put(name, required.get().toString());
                    }
                });
        return larger;
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.ofNullable(text).map(String::trim).map(Long::parseLong);
        } catch (NumberFormatException e) {
            return Optional.empty(); // PostgreSQL itself will say what is wrong with it
        }
    }
}
