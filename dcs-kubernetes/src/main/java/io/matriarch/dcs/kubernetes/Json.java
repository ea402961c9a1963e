package io.matriarch.dcs.kubernetes;

import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The language of the API server. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private Json() {}

    static JsonNode parse(byte[] text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new UnusableAnswer("the API server did not answer in JSON", e);
        }
    }

    /** A value that somebody put into an annotation; empty if it is not JSON. */
    static Optional<JsonNode> tryParse(String text) {
        try {
            JsonNode node = MAPPER.readTree(text);
            return node.isMissingNode() ? Optional.empty() : Optional.of(node);
        } catch (JacksonException e) {
            // Whoever wrote it, a read does not fail for it (R5).
            return Optional.empty();
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static String compact(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /** A mapping of texts in which an empty value is null, which removes the key from an object. */
    static ObjectNode texts(Map<String, Optional<String>> texts) {
        ObjectNode node = object();
        texts.forEach((key, value) -> node.put(key, value.orElse(null)));
        return node;
    }
}
