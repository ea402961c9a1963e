package io.matriarch.conformance;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rules that cannot be kept by a store with a certain fault, beside the one that it is planted
 * for, and why. A fault that is not named here fails its own rule alone.
 */
final class Entailed {
    private static final Map<Planted, Map<String, String>> WHY =
            Map.of(
                    ValidityFault.VALID_FOR_TOO_LONG,
                    Map.of(
                            "L13",
                            "the same breach as a reader sees it: the lease ends before validUntil",
                            "D2",
                            "a lease that is proven again has to live up to its validUntil, too"),
                    LeaseFault.RELEASE_REMOVES_ANOTHERS_RECORD,
                    Map.of("O5", "a release that is repeated after a lost reply is one by another"),
                    EntryFault.WRITE_IGNORES_THE_VERSION,
                    Map.of("W1", "all but the first of racing writes are outdated"),
                    OutcomeFault.EXCEPTIONS_OF_THE_CLIENT_LIBRARY_PASS_THROUGH,
                    Map.of("O2", "what no caller knows does not tell it that no answer came"));

    private Entailed() {}

    /** All rules that fail with this fault, and no others. */
    static Set<String> with(Planted planted) {
        Set<String> rules = new TreeSet<>(WHY.getOrDefault(planted, Map.of()).keySet());
        rules.add(planted.fault().rule());
        return rules;
    }
}
