package io.matriarch.conformance;

import io.matriarch.conformance.StoreControl.Ability;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;

/**
 * The contract on several servers, of which one is in trouble, in turn from test to test: killed,
 * frozen, or killed and just coming back. It is brought back after each. All are well only where a
 * test does something to the whole store.
 *
 * <p>The trouble of a test follows from its place in the order of the tests. The system property
 * {@code conformance.trouble} shifts it by one or two, so that each test meets each trouble.
 */
public abstract class ThreeServersConformance extends DcsConformance {
    private enum Trouble {
        KILLED,
        FROZEN,
        COMING_BACK,
        NONE
    }

    private static final int TROUBLES = Trouble.NONE.ordinal();
    private static final Set<Ability> WHOLE_STORE =
            EnumSet.of(Ability.STOP, Ability.FREEZE, Ability.QUORUM);

    /** Rules whose tests stop or freeze all servers, or two of three. */
    private static final Pattern ABOUT_THE_WHOLE_STORE =
            Pattern.compile("^O[123]_|Stopped|Frozen|aRestartOfTheStore");

    private static int round = Integer.getInteger("conformance.trouble", 0);

    private Trouble trouble = Trouble.NONE;
    private int victim;

    /** What can be done to one server of the store; they are numbered from 0. */
    public interface Servers {
        /** At least three. */
        int size();

        /** Ends a server at once. */
        void kill(int server);

        /** Stops a server where it stands. */
        void freeze(int server);

        /** Lets a frozen server go on. */
        void thaw(int server);

        /** Starts a killed server on its old data, and does not wait for it. */
        void launchAgain(int server);

        /** Waits until clients are served by those that are not in trouble. */
        void awaitServingWithout(int victim);

        /** Waits until clients are served by all. */
        void awaitServing();
    }

    /** For the subclass's class, which opens them before the first test. */
    protected abstract Servers servers();

    /**
     * What a control offers in the present test: faults of the whole store would undo the trouble
     * of one server, or hide it.
     */
    protected final Set<Ability> offered(Set<Ability> abilities) {
        Set<Ability> offered = EnumSet.copyOf(abilities);
        if (trouble != Trouble.NONE) {
            offered.removeAll(WHOLE_STORE);
        }
        return offered;
    }

    @BeforeEach
    final void trouble(TestInfo test) {
        Servers servers = servers();
        victim = round / TROUBLES % servers.size();
        trouble =
                ABOUT_THE_WHOLE_STORE.matcher(test.getDisplayName()).find()
                        ? Trouble.NONE
                        : Trouble.values()[round++ % TROUBLES];
        switch (trouble) {
            case KILLED, COMING_BACK -> servers.kill(victim);
            case FROZEN -> servers.freeze(victim);
            case NONE -> {
                return;
            }
        }
        servers.awaitServingWithout(victim);
        if (trouble == Trouble.COMING_BACK) {
            // The test begins while it starts.
            servers.launchAgain(victim);
        }
    }

    @AfterEach
    final void bringBack() {
        switch (trouble) {
            case KILLED -> servers().launchAgain(victim);
            case FROZEN -> servers().thaw(victim);
            case COMING_BACK -> {}
            case NONE -> {
                // The kit undoes its own faults, after this.
                return;
            }
        }
        servers().awaitServing();
    }

    /** A third of it is each server's share while one of them is silent. */
    @Override
    protected Duration timeout() {
        return Duration.ofSeconds(6);
    }

    /** The servers come and go by themselves; the histories of one server are many. */
    @Override
    protected int historyCount() {
        return 6;
    }
}
