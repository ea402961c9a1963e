package io.matriarch.conformance.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Searches for an order of concurrent operations on one register that explains all answers: one in
 * which each operation takes effect at one instant between its invocation and its completion.
 *
 * <p>The search is that of Wing and Gong, with Lowe's memory of positions (which operations are
 * placed, and what the register holds then) that were seen to lead nowhere. An operation with an
 * unknown outcome may be placed at any time after its invocation, or never; it is only worth
 * placing where it changes something, so it is not tried where its guard does not hold. And where
 * nothing led on with some uncertain operations placed, nothing will with these and more: fewer are
 * left.
 */
final class Linearization {
    /** Positions after which the search gives up: far more than a sound history needs. */
    private static final int LARGEST_SEARCH = 500_000;

    /**
     * One operation of the history.
     *
     * @param call what it was, for people
     * @param completed ignored if the outcome is unknown
     */
    record Timed(
            Asked call,
            Register.Operation operation,
            long invoked,
            long completed,
            boolean certain) {}

    /** What the search found. */
    sealed interface Verdict {}

    /** There is such an order. */
    enum Ordered implements Verdict {
        ORDERED
    }

    /**
     * There is none.
     *
     * @param placed the most operations that could be explained
     * @param stuck those of which one would have had to be next
     */
    record Impossible(int placed, List<Asked> stuck) implements Verdict {}

    /** The history is too entangled for the search. */
    record Undecided(int positions) implements Verdict {}

    private record Position(BitSet certain, Register register) {}

    private final List<Timed> operations;
    private final BitSet placed = new BitSet();
    private final BitSet certain = new BitSet();

    /** For each position the uncertain operations that were placed when it led nowhere. */
    private final Map<Position, List<BitSet>> deadEnds = new HashMap<>();

    private int positions;
    private int mostPlaced = -1;
    private List<Asked> stuck = List.of();
    private boolean gaveUp;

    private Linearization(List<Timed> operations) {
        this.operations = new ArrayList<>(operations);
        // Certain operations first among those of one instant; the uncertain seldom help.
        this.operations.sort(
                Comparator.comparingLong(Timed::invoked).thenComparing(t -> !t.certain()));
        for (int i = 0; i < this.operations.size(); i++) {
            certain.set(i, this.operations.get(i).certain());
        }
    }

    /** Judges operations on a register that is absent at first. */
    static Verdict judge(List<Timed> operations) {
        Linearization search = new Linearization(operations);
        int certain = (int) operations.stream().filter(Timed::certain).count();
        if (search.reachesEnd(Register.ABSENT, Optional.empty(), certain)) {
            return Ordered.ORDERED;
        }
        return search.gaveUp
                ? new Undecided(search.positions)
                : new Impossible(search.mostPlaced, search.stuck);
    }

    /**
     * Whether all certain operations that are left can be placed from here on.
     *
     * @param before what an uncertain operation has just replaced, if one was placed last
     */
    private boolean reachesEnd(Register register, Optional<Register> before, int left) {
        if (left == 0) {
            return true;
        }
        BitSet placedCertain = (BitSet) placed.clone();
        placedCertain.and(certain);
        BitSet placedUncertain = (BitSet) placed.clone();
        placedUncertain.andNot(certain);
        List<BitSet> dead =
                deadEnds.computeIfAbsent(
                        new Position(placedCertain, register), any -> new ArrayList<>());
        if (gaveUp || dead.stream().anyMatch(known -> isWithin(known, placedUncertain))) {
            return false;
        }
        long horizon = earliestCompletion();
        return reachesEndByCertain(horizon, register, left)
                || reachesEndByUncertain(horizon, register, before, left)
                || isDeadEnd(dead, placedUncertain, horizon);
    }

    private static boolean isWithin(BitSet part, BitSet whole) {
        BitSet rest = (BitSet) part.clone();
        rest.andNot(whole);
        return rest.isEmpty();
    }

    private boolean isDeadEnd(List<BitSet> dead, BitSet placedUncertain, long horizon) {
        dead.removeIf(known -> isWithin(placedUncertain, known));
        dead.add(placedUncertain);
        positions++;
        gaveUp |= positions > LARGEST_SEARCH;
        if (placed.cardinality() > mostPlaced) {
            mostPlaced = placed.cardinality();
            stuck = candidates(horizon, true).mapToObj(i -> operations.get(i).call()).toList();
        }
        return false;
    }

    private boolean reachesEndByCertain(long horizon, Register register, int left) {
        // No stream here: the search is as deep as the history is long.
        for (int i : candidates(horizon, true).toArray()) {
            Optional<Register> after = operation(i).on(register);
            if (after.isPresent() && leadsOn(i, after.get(), Optional.empty(), left - 1)) {
                return true;
            }
        }
        return false;
    }

    /** What would overwrite an uncertain operation unseen could as well have come without it. */
    private boolean reachesEndByUncertain(
            long horizon, Register register, Optional<Register> before, int left) {
        for (int i : candidates(horizon, false).toArray()) {
            Optional<Register> after = operation(i).on(register);
            if (after.isPresent()
                    && before.flatMap(operation(i)::on).isEmpty()
                    && leadsOn(i, after.get(), Optional.of(register), left)) {
                return true;
            }
        }
        return false;
    }

    private boolean leadsOn(int i, Register after, Optional<Register> before, int left) {
        placed.set(i);
        boolean reached = reachesEnd(after, before, left);
        placed.clear(i);
        return reached;
    }

    private Register.Operation operation(int i) {
        return operations.get(i).operation();
    }

    /** Those that may be next: not placed, and invoked before all others have completed. */
    private IntStream candidates(long horizon, boolean sure) {
        return IntStream.range(placed.nextClearBit(0), operations.size())
                .takeWhile(i -> operations.get(i).invoked() <= horizon)
                .filter(i -> !placed.get(i) && certain.get(i) == sure);
    }

    /** Whatever is invoked later cannot be next. */
    private long earliestCompletion() {
        long earliest = Long.MAX_VALUE;
        for (int i = placed.nextClearBit(0);
                i < operations.size();
                i = placed.nextClearBit(i + 1)) {
            Timed each = operations.get(i);
            if (each.certain()) {
                earliest = Math.min(earliest, each.completed());
            }
        }
        return earliest;
    }
}
