package io.matriarch.engine.simulation;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Runs many seeds: {@code --seeds N [--first S] [--trace LINES]}. A violation is printed with its
 * seed, what led to it, and how to run it again; the last line is {@code seeds N, violations K}.
 */
public final class SimulationRun {
    private static final int TRACE_LINES = 40;

    private SimulationRun() {}

    /** Exit status 1 if there was a violation. */
    public static void main(String[] args) {
        long seeds = option(args, "--seeds").orElse(2_000L);
        long first = option(args, "--first").orElse(1L);
        int trace = option(args, "--trace").orElse((long) TRACE_LINES).intValue();
        long violations = run(seeds, first, trace, System.out).size();
        System.out.println("seeds " + seeds + ", violations " + violations);
        System.exit(violations > 0 ? 1 : 0);
    }

    private static Optional<Long> option(String[] args, String name) {
        for (int i = 0; i + 1 < args.length; i++) {
            if (args[i].equals(name)) {
                return Optional.of(Long.parseLong(args[i + 1]));
            }
        }
        return Optional.empty();
    }

    /** The violations, each printed when it is found. */
    static List<Simulation.Result> run(long seeds, long first, int trace, PrintStream out) {
        Quiet.engine();
        long[] done = new long[1];
        long[] helpless = new long[1];
        long[] left = new long[1];
        long step = Math.max(1, seeds / 10);
        List<Simulation.Result> found =
                LongStream.range(first, first + seeds)
                        .parallel()
                        .mapToObj(seed -> Simulation.run(seed, trace))
                        .peek(
                                result -> {
                                    synchronized (done) {
                                        done[0]++;
                                        helpless[0] += result.helplessOverlapNanos();
                                        left[0] += result.leftForOperator();
                                        if (done[0] % step == 0) {
                                            out.println(done[0] + " of " + seeds);
                                        }
                                        result.violation().ifPresent(v -> print(result, v, out));
                                    }
                                })
                        .filter(result -> result.violation().isPresent())
                        .toList();
        out.println(
                "two primaries while a daemon could not act: "
                        + helpless[0] / 1_000_000
                        + " ms in all; members left for an operator: "
                        + left[0]);
        return found;
    }

    private static void print(Simulation.Result result, Violation violation, PrintStream out) {
        out.println();
        out.println("seed " + result.seed() + ": " + violation);
        result.trace().forEach(line -> out.println("  " + line));
        out.println(
                "replay: ./test simulation --seeds 1 --first " + result.seed() + " --trace 400");
    }
}
