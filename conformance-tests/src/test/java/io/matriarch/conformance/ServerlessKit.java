package io.matriarch.conformance;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** The kit on a store whose server is not installed; run by {@link EachTestAbortedTest} only. */
class ServerlessKit extends MemoryConformanceTest {
    static final String REASON = "no server at hand; install one";

    private static Optional<String> server = Optional.empty();

    /** Tests may well begin so: JUnit makes the instance after {@code @BeforeAll}. */
    final String address = server.orElseThrow();

    @BeforeAll
    static void start() {
        Assumptions.abort(REASON);
    }
}
