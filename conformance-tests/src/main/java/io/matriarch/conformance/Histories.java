package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.history.Action;
import io.matriarch.conformance.history.Campaign;
import io.matriarch.conformance.history.Failure;
import io.matriarch.conformance.history.HistoryCheck;
import io.matriarch.conformance.history.Reply;
import io.matriarch.conformance.property.RandomPlans;
import io.matriarch.conformance.report.NotKept;
import io.matriarch.spi.DcsTraits;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The histories that were played on the store under test, and what they showed. */
final class Histories {
    private static final Logger LOG = LoggerFactory.getLogger(Histories.class);

    private static final int SHRINKING_SECONDS = 60;

    private final LongFunction<String> replay;
    private final Set<Action> faults;
    private final Campaign.Result result;

    private Histories(LongFunction<String> replay, Set<Action> faults, Campaign.Result result) {
        this.replay = replay;
        this.faults = faults;
        this.result = result;
    }

    /**
     * @param replay gives the command that plays the history of a seed again
     * @param together histories without faults of the servers that run side by side
     */
    static Histories play(
            LongFunction<String> replay, Bench bench, int count, int together, Duration ttl) {
        long seed =
                Long.getLong(
                        "conformance.seed",
                        ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE));
        Campaign.Size size =
                new Campaign.Size(
                        seed,
                        Integer.getInteger("conformance.histories", count),
                        Integer.getInteger("conformance.together", together),
                        Duration.ofSeconds(
                                Integer.getInteger("conformance.shrinking", SHRINKING_SECONDS)));
        LOG.info("{} histories from seed {}", size.count(), seed);
        Set<Action> faults = RealWorld.faults(bench.control());
        try (RandomPlans plans = new RandomPlans(faults)) {
            Campaign.Result result =
                    Campaign.run(size, plans, () -> new RealWorld(bench.another(ttl)));
            return new Histories(replay, faults, result);
        }
    }

    long seed() {
        return result.size().seed();
    }

    DcsTraits traits() {
        return result.traits();
    }

    /** Skips the test unless links or servers could be spoiled. */
    Histories underFaults() {
        assumeTrue(
                !faults.isEmpty(),
                "not tested: the StoreControl offers none of LINK, STOP and FREEZE");
        return this;
    }

    /** Demands nothing where the declared weakness makes it pointless, and says so. */
    Histories unlessLeasesMayEndEarly(String consequence) {
        if (traits().mayEndEarly()) {
            throw new NotKept("declared: leases may end early; " + consequence);
        }
        return this;
    }

    void assertSound(HistoryCheck check) {
        if (result.failures().containsKey(check)) {
            fail(message(result.failures().get(check)));
        }
    }

    private String message(Failure failure) {
        return String.format(
                "%s is broken in the history of seed %d: %s%n%n"
                        + "steps, %d of %d after %d smaller plans (a pause is a twentieth of a ttl):%n%s%n%n"
                        + "calls around it, in ms since the history began:%n%s%n%nreplay: %s",
                failure.check().rule(),
                failure.seed(),
                failure.found().sentence(),
                failure.steps().size(),
                failure.original(),
                failure.tries(),
                failure.steps().stream().map(s -> "  " + s).collect(Collectors.joining("\n")),
                failure.excerpt(),
                replay.apply(failure.seed()));
    }

    @Override
    public String toString() {
        return String.format(
                "%d, with %s, under %s",
                result.histories(),
                Arrays.stream(Reply.Result.values())
                        .filter(result.calls()::containsKey)
                        .map(ending -> result.calls().get(ending) + " calls " + ending)
                        .collect(Collectors.joining(", ")),
                faults.isEmpty()
                        ? "no faults"
                        : faults.stream()
                                .sorted()
                                .map(Enum::name)
                                .collect(Collectors.joining(", ")));
    }
}
