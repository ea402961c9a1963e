package io.matriarch.dcs.kubernetes;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/**
 * Entries in Endpoints, as {@code use_endpoints: true} has them. The requests are those of the
 * other mode, except that what writes the lease carries an address. Where time is short, that is in
 * all tiers but the long one, only the rules of the lease are tested here, and few histories.
 */
class EndpointsConformanceTest extends KubernetesConformance {
    private static final Pattern LEASE = Pattern.compile("L\\d+_.*|.*_histories_.*");

    EndpointsConformanceTest() {
        super(true);
    }

    @BeforeEach
    void sparesTime(TestInfo test) {
        assumeTrue(
                isUnbounded() || LEASE.matcher(test.getDisplayName()).lookingAt(),
                "with Endpoints only the rules of the lease and 12 histories are tested here,"
                        + " all in ./test long; with ConfigMaps all of them are");
    }

    /** As the long tier says it: no tag is excluded. */
    private static boolean isUnbounded() {
        return System.getProperty("tests.excluded", "long").isEmpty();
    }

    @Override
    protected int historyCount() {
        return 12;
    }
}
