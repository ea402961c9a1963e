package io.matriarch.engine.config;

import java.util.Map;
import java.util.Optional;

/** One of the authentication sections: the 12 keys that it may hold, by name. Never printed. */
public record Credentials(Map<String, String> values) {
    public static final Credentials NONE = new Credentials(Map.of());

    public Credentials {
        values = Map.copyOf(values);
    }

    public Optional<String> username() {
        return get("username");
    }

    public Optional<String> password() {
        return get("password");
    }

    public Optional<String> get(String key) {
        return Optional.ofNullable(values.get(key));
    }

    @Override
    public String toString() {
        return "Credentials[" + username().orElse("") + "]";
    }
}
