package io.matriarch.postgres;

import io.matriarch.engine.config.Credentials;
import io.matriarch.engine.config.PostgresConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who connects where, as libpq keys. */
final class Addresses {
    private static final Set<String> LOCAL = Set.of("*", "localhost", "0.0.0.0", "127.0.0.1");

    private Addresses() {}

    /** The local server by TCP. */
    static Map<String, String> local(PostgresConfig config, Credentials credentials) {
        List<String> hosts = config.listen().hosts();
        boolean loopback = hosts.stream().anyMatch(LOCAL::contains);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("host", loopback ? "localhost" : hosts.get(0));
        values.put("port", Integer.toString(config.listen().port()));
        values.put("dbname", config.database());
        values.putAll(authentication(credentials));
        return values;
    }

    /** Another member by its published URL. */
    static Map<String, String> remote(
            PostgresConfig config, String connUrl, Credentials credentials) {
        Map<String, String> values = new LinkedHashMap<>();
        values.putAll(ConnInfo.ofUrl(connUrl, config.database()));
        values.putAll(authentication(credentials));
        return values;
    }

    /** The rewind section if there is one, else the superuser. */
    static Credentials rewind(PostgresConfig config) {
        return config.rewind().values().isEmpty() ? config.superuser() : config.rewind();
    }

    private static Map<String, String> authentication(Credentials credentials) {
        Map<String, String> values = new LinkedHashMap<>(credentials.values());
        String user = values.remove("username");
        if (user != null) {
            values.put("user", user);
        }
        return values;
    }
}
