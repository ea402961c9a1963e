package io.matriarch.conformance;

/** A group of rules. Each test is named after the rule that it holds a store to. */
interface Rules {
    /** The tools of the running test. */
    Bench bench();
}
