package io.matriarch.conformance;

import io.matriarch.spi.DcsProvider;
import io.matriarch.spi.DcsTraits;
import io.matriarch.spi.Section;
import io.matriarch.spi.Value;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test for each rule of {@code CONTRACT.md}, run against the store that a subclass names.
 *
 * <p>A subclass gives the provider and the section that opens it; with {@link #control} it also
 * lets the kit stop, freeze and cut off the store. What it does not offer is reported as skipped,
 * with the reason. Each test works in a random namespace of its own and removes it at the end.
 *
 * <p>The tests run in real time. Choose {@link #ttl} as short as the store honours: about fifteen
 * tests wait for a lease to run out.
 */
@DisplayNameGeneration(DisplayNameGenerator.Simple.class)
@ExtendWith({NoRuleReplaced.class, EachTestAborted.class, Reporter.class})
public abstract class DcsConformance
        implements OutcomeRules,
                DeadlineRules,
                LeaseRules,
                LeaseEndRules,
                MemberRules,
                ReadingRules,
                WriteRules,
                WatchRules,
                SessionRules,
                HistoryRules {
    private Bench bench;

    /** The plug-in under test. Asked for once for each test. */
    protected abstract DcsProvider provider();

    /** The section that reaches the store on the direct way. */
    protected abstract Section section();

    /** What can be done to the store. */
    protected StoreControl control() {
        return StoreControl.none();
    }

    /** The ttl that clients are configured with. */
    protected Duration ttl() {
        return Duration.ofSeconds(3);
    }

    /** How much later than its ttl a lease may end: the slack that the backend documents (L13). */
    protected Duration slack() {
        return Duration.ofSeconds(2);
    }

    /** The longest nap of a loop, within which a broken watch is mended (N4). */
    protected Duration loopWait() {
        return Duration.ofSeconds(2);
    }

    /** The budget of a call to a healthy store. */
    protected Duration timeout() {
        return Duration.ofSeconds(3);
    }

    /** The budget of a call to a store that does not answer; each such test spends several. */
    protected Duration shortTimeout() {
        return Duration.ofMillis(500);
    }

    /** The folder of the random namespaces, for stores that allow some paths only. */
    protected String namespace() {
        return "/conformance";
    }

    /** A value that the store rejects, so that the writing of a status fails (L7). */
    protected Value unwritable() {
        return Value.of("x".repeat(3 << 20));
    }

    /**
     * Whether the store may refuse records of the kit's members as missing, because it does not
     * know these members by other means (Kubernetes wants a Pod for each). The tests that need
     * records are then not run, unless it does know them.
     */
    protected boolean unknownMembers() {
        return false;
    }

    /**
     * Declares that a member's record may outlive its process, because it lives with something else
     * (with a Pod, on Kubernetes). A weakness, which the note of the traits has to tell (S6): M2 is
     * then demanded of the leader's record only, and reported as not kept if the member's stays.
     */
    protected boolean memberRecordsStay() {
        return false;
    }

    /**
     * How many random histories are played, unless {@code -Dconformance.histories} says otherwise.
     */
    protected int historyCount() {
        return 40;
    }

    /**
     * How many histories run at a time where the servers are left alone, unless {@code
     * -Dconformance.together} says otherwise. Each has four clients in this one process, which a
     * store whose connections cost much may not bear.
     */
    protected int historiesTogether() {
        return 12;
    }

    /** The ttl of the histories, whose length goes with it. */
    protected Duration historyTtl() {
        return ttl();
    }

    /** What the store says of its version, for the report. */
    protected Optional<String> storeVersion() {
        return Optional.empty();
    }

    /** The name of the report's files; another one for each test class of one backend. */
    protected String reportName() {
        return bench.provider().name();
    }

    /** The class whose name and version the report tells. */
    protected Class<?> pluginClass() {
        return bench.provider().getClass();
    }

    /** The command that plays the history of this seed again. */
    protected String replay(long seed) {
        return Replay.command(getClass(), seed);
    }

    /** The histories of this test class. */
    @Override
    public final Histories histories() {
        return Run.of(getClass())
                .histories(
                        () ->
                                Histories.play(
                                        this::replay,
                                        bench,
                                        historyCount(),
                                        historiesTogether(),
                                        historyTtl()));
    }

    /** The tools of the tests. */
    @Override
    public final Bench bench() {
        return bench;
    }

    @BeforeEach
    final void openBench() {
        Bench.Timing timing =
                new Bench.Timing(ttl(), slack(), loopWait(), timeout(), shortTimeout());
        Bench.Limits limits =
                new Bench.Limits(namespace(), unwritable(), unknownMembers(), memberRecordsStay());
        bench = new Bench(provider(), section(), control(), timing, limits);
    }

    /** Undoes faults first, because cleaning up needs the store; so does asking its version. */
    @AfterEach
    final void closeBench() {
        Optional<DcsTraits> declared = bench.traits();
        bench.close();
        Run.of(getClass()).about(bench, declared, this::subject);
    }

    private Run.Subject subject() {
        return new Run.Subject(reportName(), pluginClass(), storeVersion());
    }
}
