package io.matriarch.postgres;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last dynamic configuration, kept in the data directory for a start without the store. */
final class DynamicCache {
    private static final Logger log = LoggerFactory.getLogger(DynamicCache.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAME = "patroni.dynamic.json";

    private DynamicCache() {}

    /** Empty if there is none or it is unusable. */
    static Map<String, Object> read(Path dataDirectory) {
        Path file = dataDirectory.resolve(NAME);
        try {
            return Files.exists(file)
                    ? JSON.readValue(
                            Files.readString(file), new TypeReference<Map<String, Object>>() {})
                    : Map.of();
        } catch (IOException e) {
            log.warn("{} is unusable: {}", file, e.toString());
            return Map.of();
        }
    }

    static void write(Instance instance, Map<String, Object> document) {
        Path directory = instance.dataPath();
        try {
            if (Files.exists(directory.resolve("PG_VERSION"))) {
                instance.files().update(directory.resolve(NAME), JSON.writeValueAsString(document));
            }
        } catch (IOException e) {
            log.warn("The dynamic configuration could not be cached: {}", e.toString());
        }
    }
}
