package io.matriarch.planted.engine.model;

import com.fasterxml.jackson.databind.ObjectMapper;

/** Breaks: model is pure. */
final class WritesJson {
    ObjectMapper mapper() {
        return new ObjectMapper();
    }
}
