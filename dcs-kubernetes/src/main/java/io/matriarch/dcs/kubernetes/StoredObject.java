package io.matriarch.dcs.kubernetes;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * An object as the API server showed it.
 *
 * @param version its resourceVersion: the store's revision at its last change. Compared as a
 *     number, as all current servers allow
 * @param annotations all of them, the empty ones too
 * @param document the whole object
 */
record StoredObject(String name, long version, Map<String, String> annotations, JsonNode document) {

    static StoredObject of(JsonNode document) {
        JsonNode metadata = document.path("metadata");
        return new StoredObject(
                metadata.path("name").asString(""),
                version(metadata),
                texts(metadata.path("annotations")),
                document);
    }

    /** The resourceVersion in the metadata of an object or of a list. */
    static long version(JsonNode metadata) {
        String text = metadata.path("resourceVersion").asString("");
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UnusableAnswer("resourceVersion is not a number: '" + text + "'", e);
        }
    }

    private static Map<String, String> texts(JsonNode mapping) {
        Map<String, String> texts = new TreeMap<>();
        mapping.properties()
                .forEach(each -> texts.put(each.getKey(), each.getValue().asString("")));
        return texts;
    }

    Optional<String> annotation(String name) {
        return Optional.ofNullable(annotations.get(name));
    }

    Map<String, String> labels() {
        return texts(document.path("metadata").path("labels"));
    }

    /** A field of the document by its path, if it is a text that is not empty. */
    Optional<String> text(String... path) {
        JsonNode node = document;
        for (String step : path) {
            node = node.path(step);
        }
        return Optional.of(node.asString("")).filter(text -> !text.isEmpty());
    }
}
