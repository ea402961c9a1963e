package io.matriarch.conformance;

/** A kit that says of a rule what it likes; run by {@link NotKeptTest} only. */
class ReplacedRuleKit extends MemoryConformanceTest {
    /** Without its annotation it is no test any more, and none would miss it. */
    @Override
    public void M2_bothRecordsVanishAfterTheProcessEnded() {}
}
