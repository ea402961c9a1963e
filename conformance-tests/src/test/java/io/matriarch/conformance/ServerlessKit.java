package io.matriarch.conformance;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** The kit on a store whose server is not installed; run by {@link ReporterTest} only. */
class ServerlessKit extends MemoryConformanceTest {
    static final String REASON = "no server at hand; install one";

    @BeforeAll
    static void start() {
        Assumptions.abort(REASON);
    }
}
