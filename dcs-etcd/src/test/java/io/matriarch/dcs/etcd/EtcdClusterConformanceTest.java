package io.matriarch.dcs.etcd;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;

/**
 * The contract on three servers, of which one is killed or frozen, in turn from test to test, and
 * brought back after each. All are well only where a test does something to the whole store.
 */
@Tag("long")
class EtcdClusterConformanceTest extends DcsConformance {
    private enum Trouble {
        KILLED,
        FROZEN,
        NONE
    }

    /** Rules whose tests stop or freeze all servers, or two of three. */
    private static final Pattern WHOLE_STORE =
            Pattern.compile("^O[123]_|Stopped|Frozen|aRestartOfTheStore");

    private static EtcdCluster etcd;
    private static int round;

    private Trouble trouble;
    private int victim;

    /** Fresh clients of one test may each lose a third of a call's time on the frozen server. */
    @Override
    protected Duration ttl() {
        return Duration.ofSeconds(8);
    }

    @BeforeAll
    static void start() {
        EtcdCluster.assumeInstalled("etcdctl");
        etcd = EtcdCluster.start(3);
        etcd.awaitServing();
    }

    @AfterAll
    static void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    @BeforeEach
    void trouble(TestInfo test) {
        victim = round / 2 % 3;
        trouble =
                WHOLE_STORE.matcher(test.getDisplayName()).find()
                        ? Trouble.NONE
                        : Trouble.values()[round++ % 2];
        switch (trouble) {
            case KILLED -> etcd.kill(victim);
            case FROZEN -> etcd.freeze(victim);
            case NONE -> {}
        }
        etcd.awaitServing();
    }

    @AfterEach
    void bringBack() {
        switch (trouble) {
            case KILLED -> etcd.restart(victim);
            case FROZEN -> etcd.thaw(victim);
            case NONE -> {
                // The kit undoes its own faults, after this.
                return;
            }
        }
        etcd.awaitServing();
    }

    /** A third of it is each server's share while one of them is silent. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(9);
    }

    @Override
    protected DcsProvider provider() {
        return new EtcdProvider();
    }

    @Override
    protected Section section() {
        return EtcdControl.section(etcd.hosts());
    }

    /** Faults of the whole store would undo the trouble of this class, or hide it. */
    @Override
    protected StoreControl control() {
        EtcdControl all = new EtcdControl(etcd, EtcdControl.section(etcd.hosts()));
        return new ClusterControl(all, () -> trouble == Trouble.NONE);
    }
}
