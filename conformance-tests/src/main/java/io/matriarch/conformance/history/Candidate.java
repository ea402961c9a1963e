package io.matriarch.conformance.history;

import java.util.List;
import java.util.stream.Stream;

/** A plan that came from a seed, and the ways to make it smaller. */
public interface Candidate {
    List<Step> plan();

    /** Smaller plans, the boldest first. */
    Stream<Candidate> smaller();
}
