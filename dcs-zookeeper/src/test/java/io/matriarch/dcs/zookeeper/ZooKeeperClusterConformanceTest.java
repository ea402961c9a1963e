package io.matriarch.dcs.zookeeper;

import io.matriarch.conformance.DcsConformance;
import io.matriarch.conformance.StoreControl;
import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.Section;
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
 * {@code zookeeper.trouble} shifts it by one or two, so that each test meets each trouble.
 */
@Tag("long")
class ZooKeeperClusterConformanceTest extends DcsConformance {
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

    private static Ensemble ensemble;
    private static int round = Integer.getInteger("zookeeper.trouble", 0);

    private Trouble trouble;
    private int victim;

    @BeforeAll
    static void start() {
        ensemble = Ensemble.start(3);
    }

    @AfterAll
    static void stop() {
        if (ensemble != null) {
            ensemble.close();
        }
    }

    @BeforeEach
    void trouble(TestInfo test) {
        victim = round / TROUBLES % ensemble.size();
        trouble =
                WHOLE_STORE.matcher(test.getDisplayName()).find()
                        ? Trouble.NONE
                        : Trouble.values()[round++ % TROUBLES];
        switch (trouble) {
            case KILLED, COMING_BACK -> ensemble.kill(victim);
            case FROZEN -> ensemble.freeze(victim);
            case NONE -> {
                return;
            }
        }
        ensemble.awaitElected(victim);
        if (trouble == Trouble.COMING_BACK) {
            // The test begins while it starts.
            ensemble.launchAgain(victim);
        }
    }

    @AfterEach
    void bringBack() {
        switch (trouble) {
            case KILLED -> ensemble.launchAgain(victim);
            case FROZEN -> ensemble.thaw(victim);
            case COMING_BACK, NONE -> {}
        }
        if (trouble != Trouble.NONE) {
            ensemble.awaitServing();
        }
    }

    /** A third of it is each server's share while one of them is silent. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(6);
    }

    /** Its servers come and go by themselves; the histories of one server are many. */
    @Override
    protected int historyCount() {
        return 6;
    }

    @Override
    protected String reportName() {
        return "zookeeper-cluster";
    }

    @Override
    protected Optional<String> storeVersion() {
        return Optional.of(ensemble.version());
    }

    @Override
    protected DcsProvider provider() {
        return new ZooKeeperProvider();
    }

    @Override
    protected Section section() {
        return EnsembleControl.section(ensemble.hosts());
    }

    /** Faults of the whole store would undo the trouble of this class, or hide it. */
    @Override
    protected StoreControl control() {
        return new EnsembleControl(ensemble, Optional.empty(), () -> trouble == Trouble.NONE);
    }
}
