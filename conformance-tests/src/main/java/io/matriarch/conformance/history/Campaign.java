package io.matriarch.conformance.history;

import io.matriarch.conformance.history.Action.Target;
import io.matriarch.spi.DcsTraits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Plays the plans of successive seeds and judges each history. The first failure of each check is
 * made smaller as long as time allows.
 */
public final class Campaign {
    /**
     * How much is played.
     *
     * @param seed of the first plan; each next one has the next seed
     * @param count how many
     * @param together how many at a time, where the servers are left alone
     * @param shrinking how long a failing plan is made smaller
     */
    public record Size(long seed, int count, int together, Duration shrinking) {}

    /**
     * What came of it.
     *
     * @param calls made in all histories, by how they ended
     * @param traits what the clients of the last history declared
     * @param failures the first of each check that failed
     */
    public record Result(
            Size size,
            int histories,
            Map<Reply.Result, Long> calls,
            DcsTraits traits,
            Map<HistoryCheck, Failure> failures) {}

    private final Size size;
    private final LongFunction<Candidate> plans;
    private final Supplier<World> worlds;
    private final Map<HistoryCheck, Failure> failures = new EnumMap<>(HistoryCheck.class);
    private final Map<Reply.Result, Long> calls = new EnumMap<>(Reply.Result.class);
    private DcsTraits traits = new DcsTraits(Duration.ZERO, Duration.ZERO, false, true, "");

    private record Judged(Candidate candidate, long seed, History history) {}

    private Campaign(Size size, LongFunction<Candidate> plans, Supplier<World> worlds) {
        this.size = size;
        this.plans = plans;
        this.worlds = worlds;
    }

    /**
     * @param plans the plan of a seed, always the same one
     * @param worlds a fresh world for each history
     */
    public static Result run(Size size, LongFunction<Candidate> plans, Supplier<World> worlds) {
        Campaign campaign = new Campaign(size, plans, worlds);
        campaign.playAll();
        return new Result(
                size, size.count(), campaign.calls, campaign.traits, Map.copyOf(campaign.failures));
    }

    /** Faults of the servers hit everybody, so such a history is played alone. */
    private void playAll() {
        List<Long> together = new ArrayList<>();
        List<Long> alone = new ArrayList<>();
        for (long seed = size.seed(); seed < size.seed() + size.count(); seed++) {
            boolean concernsAll =
                    plans.apply(seed).plan().stream()
                            .anyMatch(step -> step.action().target() == Target.SERVER);
            (concernsAll ? alone : together).add(seed);
        }
        playTogether(together, size.together());
        playTogether(alone, 1);
    }

    private void playTogether(List<Long> seeds, int width) {
        List<Candidate> candidates = seeds.stream().map(plans::apply).toList();
        List<Callable<History>> plays =
                candidates.stream().<Callable<History>>map(c -> () -> play(c)).toList();
        List<History> histories = Lanes.all(plays, width);
        for (int i = 0; i < seeds.size(); i++) {
            judge(new Judged(candidates.get(i), seeds.get(i), histories.get(i)));
        }
    }

    private History play(Candidate candidate) {
        try (World world = worlds.get()) {
            return Player.play(candidate.plan(), world);
        }
    }

    private void judge(Judged judged) {
        judged.history().calls().forEach(c -> calls.merge(c.reply().result(), 1L, Long::sum));
        traits = judged.history().traits();
        for (HistoryCheck check : HistoryCheck.values()) {
            if (!failures.containsKey(check)) {
                List<Finding> findings = check.findings(judged.history());
                if (!findings.isEmpty()) {
                    failures.put(check, shrunk(check, judged, findings.get(0)));
                }
            }
        }
    }

    /** A smaller plan counts if its history breaks the same rule. */
    private Failure shrunk(HistoryCheck check, Judged judged, Finding first) {
        long end = System.nanoTime() + size.shrinking().toNanos();
        Candidate best = judged.candidate();
        Finding found = first;
        History history = judged.history();
        int tries = 0;
        Iterator<Candidate> smaller = best.smaller().iterator();
        while (System.nanoTime() - end < 0 && smaller.hasNext()) {
            Candidate next = smaller.next();
            History played = play(next);
            tries++;
            Optional<Finding> again = check.findings(played).stream().findFirst();
            if (again.isPresent()) {
                best = next;
                found = again.get();
                history = played;
                smaller = best.smaller().iterator();
            }
        }
        return new Failure(
                check,
                judged.seed(),
                found,
                best.plan(),
                judged.candidate().plan().size(),
                tries,
                history.excerpt(found.calls()));
    }
}
