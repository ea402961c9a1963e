package io.matriarch.conformance.property;

import io.matriarch.conformance.history.Action;
import io.matriarch.conformance.history.Action.Target;
import io.matriarch.conformance.history.Candidate;
import io.matriarch.conformance.history.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.Tuple;
import net.jqwik.api.sessions.JqwikSession;

/**
 * The plan of a seed: the same one in every run, on every machine. Plans are drawn, and made
 * smaller, by one thread at a time.
 */
public final class RandomPlans implements LongFunction<Candidate>, AutoCloseable {
    private static final int SHORTEST = 30;
    private static final int LONGEST = 80;

    /** One seed in so many has faults of the servers, which cost most. */
    private static final int SERVER_FAULTS = 10;

    /** How often a client does what, among a hundred. */
    private static final List<Tuple.Tuple2<Integer, Action>> CLIENT =
            List.of(
                    Tuple.of(18, Action.READ),
                    Tuple.of(13, Action.ACQUIRE),
                    Tuple.of(16, Action.RENEW),
                    Tuple.of(5, Action.RELEASE),
                    Tuple.of(5, Action.TOUCH),
                    Tuple.of(34, Action.WRITE),
                    Tuple.of(5, Action.DELETE),
                    Tuple.of(4, Action.RESTART));

    /** How many steps of a hundred are faults or their ends. */
    private static final int FAULTS = 20;

    private final RandomGenerator<List<Step>> links;
    private final RandomGenerator<List<Step>> servers;

    /**
     * @param faults those that the store's author can bring about
     */
    public RandomPlans(Set<Action> faults) {
        if (!JqwikSession.isActive()) {
            JqwikSession.start();
        }
        List<Action> ofLinks =
                faults.stream().filter(f -> f.target() == Target.LINK).sorted().toList();
        this.links = plans(ofLinks);
        this.servers = plans(faults.stream().sorted().toList());
    }

    private static RandomGenerator<List<Step>> plans(List<Action> faults) {
        List<Tuple.Tuple2<Integer, Action>> weights = new ArrayList<>();
        int others = faults.isEmpty() ? 0 : FAULTS;
        CLIENT.forEach(each -> weights.add(Tuple.of(each.get1() * (100 - others), each.get2())));
        // Each fault has one end: healing comes as often as all faults of links together.
        int parts = 2 * faults.size();
        for (Action fault : faults) {
            int share = fault == Action.HEAL ? faults.size() : 1;
            weights.add(Tuple.of(100 * others * share / parts, fault));
        }
        Arbitrary<Action> actions = Arbitraries.frequency(weights);
        // Mostly at once or soon, so that calls overlap; seldom so long that a lease runs out.
        Arbitrary<Integer> pauses =
                Arbitraries.frequencyOf(
                        Tuple.of(40, Arbitraries.integers().between(0, 1)),
                        Tuple.of(8, Arbitraries.integers().between(1, 3)),
                        Tuple.of(1, Arbitraries.integers().between(8, 22)));
        return Combinators.combine(
                        pauses,
                        Arbitraries.integers().between(0, Step.SEATS - 1),
                        actions,
                        Arbitraries.integers().between(0, Step.CHOICES - 1))
                .as(Step::new)
                .list()
                .ofMinSize(0)
                .ofMaxSize(LONGEST)
                .withSizeDistribution(net.jqwik.api.RandomDistribution.uniform())
                .generator(1000, false);
    }

    @Override
    public Candidate apply(long seed) {
        RandomGenerator<List<Step>> generator =
                Math.floorMod(seed, SERVER_FAULTS) == 0 ? servers : links;
        Random random = new Random(seed);
        Shrinkable<List<Step>> drawn = generator.next(random);
        while (drawn.value().size() < SHORTEST) {
            drawn = generator.next(random);
        }
        return new Drawn(drawn);
    }

    /** The plan is taken out at once: it is played by threads that the library does not know. */
    private record Drawn(Shrinkable<List<Step>> shrinkable, List<Step> plan) implements Candidate {
        private Drawn(Shrinkable<List<Step>> shrinkable) {
            this(shrinkable, List.copyOf(shrinkable.value()));
        }

        @Override
        public Stream<Candidate> smaller() {
            return shrinkable.shrink().map(Drawn::new);
        }
    }

    @Override
    public void close() {
        JqwikSession.finish();
    }
}
