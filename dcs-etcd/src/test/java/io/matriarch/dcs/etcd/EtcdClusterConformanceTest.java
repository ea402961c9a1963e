package io.matriarch.dcs.etcd;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;

/**
 * The contract on three servers, of which one is in trouble, in turn from test to test: killed,
 * frozen, or killed and just coming back. It is brought back after each. All are well only where a
 * test does something to the whole store.
 *
 * <p>The trouble of a test follows from its place in the order of the tests. The system property
 * {@code etcd.trouble} shifts it by one or two, so that each test meets each trouble.
 */
@Tag("real")
class EtcdClusterConformanceTest extends DcsConformance {
    private enum Trouble {
        KILLED,
        FROZEN,
        COMING_BACK,
        NONE
    }

    private static final int TROUBLES = Trouble.NONE.ordinal();

    /** Rules whose tests stop or freeze all servers, or two of three. */
    private static final Pattern WHOLE_STORE =
            Pattern.compile("^O[123]_|Stopped|Frozen|aRestartOfTheStore");

    private static EtcdCluster etcd;
    private static int round = Integer.getInteger("etcd.trouble", 0);

    private Trouble trouble;
    private int victim;

    @BeforeAll
    static void start() {
        EtcdCluster.assumeInstalled("etcdctl");
        // A server that comes back must not call an election, which gives leases their time anew.
        etcd = EtcdCluster.start(3, "--pre-vote");
        etcd.awaitServing();
    }

    @AfterAll
    static void stop() {
        if (etcd != null) {
            etcd.close();
        }
    }

    @BeforeEach
    void trouble(TestInfo test) throws IOException {
        victim = round / TROUBLES % etcd.size();
        trouble =
                WHOLE_STORE.matcher(test.getDisplayName()).find()
                        ? Trouble.NONE
                        : Trouble.values()[round++ % TROUBLES];
        switch (trouble) {
            case KILLED, COMING_BACK -> etcd.kill(victim);
            case FROZEN -> etcd.freeze(victim);
            case NONE -> {}
        }
        etcd.awaitServing();
        if (trouble == Trouble.COMING_BACK) {
            // The test begins while it starts.
            etcd.launchAgain(victim);
        }
    }

    @AfterEach
    void bringBack() throws IOException {
        switch (trouble) {
            case KILLED -> etcd.restart(victim);
            case FROZEN -> etcd.thaw(victim);
            case COMING_BACK -> etcd.awaitListening(victim);
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
        return Duration.ofSeconds(6);
    }

    /** Its leases are long, and the histories of one server are many. */
    @Override
    protected int historyCount() {
        return 6;
    }

    @Override
    protected String reportName() {
        return "etcd3-cluster";
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.of(etcd.version());
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
