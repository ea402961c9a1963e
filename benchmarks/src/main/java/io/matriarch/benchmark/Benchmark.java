package io.matriarch.benchmark;

import io.matriarch.benchmark.costs.Costs;
import io.matriarch.benchmark.measuring.Environment;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.LabPlan.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code benchmarks/run}. Both clusters stand idle side by side and are hurt in turn, so that a
 * machine that is slower for a while is slower for both.
 */
@Command(
        name = "benchmarks/run",
        mixinStandardHelpOptions = true,
        subcommands = Costs.class,
        description =
                "Measures the write outage that clients see, of Matriarch and of the installed"
                        + " peer, at equal settings.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:measured, and every mark is met",
            "1:measured, and a mark is not met",
            "2:not measured, or not all"
        })
public final class Benchmark implements Callable<Integer> {
    private static final int TTL = 30;
    private static final int LOOP_WAIT = 10;
    private static final int RETRY_TIMEOUT = 10;
    private static final int CANNOT = 2;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Rounds of each fault that is short (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--lost-rounds",
            paramLabel = "N",
            description = "Rounds of a lost node (default: ${DEFAULT-VALUE}).")
    private int lostRounds = 2;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures to FILE.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--logs",
            paramLabel = "DIRECTORY",
            description = "Keep the members' logs there.")
    private Optional<Path> logs = Optional.empty();

    @Option(names = "--no-peer", description = "Measure Matriarch alone.")
    private boolean alone;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Of the faults' instants and of the candidates (default: the time).")
    private long seed = System.currentTimeMillis();

    private final Ending ending = new Ending();
    private final List<Round> done = new ArrayList<>();
    private boolean cutShort;

    private Benchmark() {}

    /** Ends with a code as listed above, after one sentence on standard error if it cannot run. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmark()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Lab> labs = new ArrayList<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(labs), "end"));
        try {
            Map<String, String> environment =
                    Environment.describe(System.getProperty("matriarch.commit", "unknown"));
            environment.put("settings", settings());
            Results results = measure(prepare(labs), environment);
            System.out.print(ResultsText.of(results));
            if (json.isPresent()) {
                ResultsJson.write(results, json.get());
            }
            if (cutShort) {
                return CANNOT;
            }
            return results.marks().stream().allMatch(Results.Mark::met) ? 0 : 1;
        } catch (LabException | IOException e) {
            if (!ending.isTold()) {
                System.err.println("benchmarks/run: " + e.getMessage());
            }
            return CANNOT;
        }
    }

    private String settings() {
        return String.format(
                Locale.ROOT,
                "ttl %d, loop_wait %d, retry_timeout %d, seed %d",
                TTL,
                LOOP_WAIT,
                RETRY_TIMEOUT,
                seed);
    }

    private List<Contestant> prepare(List<Lab> labs) throws LabException {
        List<Product> products = new ArrayList<>(List.of(Product.MATRIARCH));
        if (alone) {
            say("NOT COMPARED: --no-peer was given");
        } else if (Environment.peerVersion().isEmpty()) {
            say("NOT COMPARED: no program 'patroni' is installed, so there is no peer");
        } else {
            products.add(Product.PEER);
        }
        Path home = Path.of(System.getProperty("matriarch.home"));
        LabPlan plan = LabPlan.three().timed(TTL, LOOP_WAIT, RETRY_TIMEOUT);
        List<Contestant> contestants = new ArrayList<>();
        for (Product product : products) {
            Lab lab = Lab.prepare(plan.of(product), home);
            synchronized (labs) {
                labs.add(lab);
            }
            contestants.add(
                    new Contestant(
                            product, lab, ending, new Random(seed), Duration.ofSeconds(LOOP_WAIT)));
        }
        return contestants;
    }

    private Results measure(List<Contestant> contestants, Map<String, String> environment)
            throws LabException, InterruptedException {
        List<Map<String, String>> servers = new ArrayList<>();
        for (Contestant contestant : contestants) {
            say("starting the cluster of " + contestant.product());
            contestant.start();
            servers.add(ServerSettings.of(contestant));
        }
        List<String> differences =
                servers.size() == 2
                        ? ServerSettings.differences(servers.get(0), servers.get(1))
                        : List.of();
        try {
            runRounds(contestants);
        } catch (LabException e) {
            if (ending.isTold()) {
                throw e;
            }
            // What was measured before it is not lost.
            say("benchmarks/run: NOT ALL WAS MEASURED: " + e.getMessage());
            cutShort = true;
        }
        return new Results(environment, differences, List.copyOf(done));
    }

    private void runRounds(List<Contestant> contestants) throws LabException, InterruptedException {
        Random phases = new Random(seed);
        for (Fault fault : Fault.values()) {
            int count = fault == Fault.NODE_LOST ? lostRounds : rounds;
            for (int i = 1; i <= count; i++) {
                // The same for both, and before the next renewal.
                Duration leaseAge = Duration.ofMillis(phases.nextLong(LOOP_WAIT * 900L));
                for (Contestant contestant : contestants) {
                    note(i, count, contestant.round(fault, leaseAge));
                }
                // Who comes first in a pair has no meaning if each does in turn.
                Collections.reverse(contestants);
            }
        }
    }

    private void note(int number, int count, Round round) {
        done.add(round);
        say(
                String.format(
                        Locale.ROOT,
                        "%-26s %d/%d  %-9s  %s to %s  outage %6.0f ms, all back after %6.0f ms%s",
                        round.fault().title(),
                        number,
                        count,
                        round.product(),
                        round.primary(),
                        round.successor(),
                        round.outageMillis(),
                        round.healedMillis(),
                        round.overlapNanos() > 0 ? "  TWO MEMBERS TOOK WRITES" : ""));
    }

    private static void say(String text) {
        System.err.println(text);
    }

    private void end(List<Lab> labs) {
        ending.tell();
        synchronized (labs) {
            for (Lab lab : labs) {
                try {
                    keepLogs(lab);
                    lab.close();
                } catch (IOException e) {
                    say("benchmarks/run: cannot keep or remove " + lab.directory() + ": " + e);
                }
            }
        }
    }

    private void keepLogs(Lab lab) throws IOException {
        if (logs.isEmpty()) {
            return;
        }
        Path target = logs.get().resolve(lab.plan().product().name().toLowerCase(Locale.ROOT));
        Files.createDirectories(target);
        try (var files = Files.newDirectoryStream(lab.directory(), "*.log")) {
            for (Path file : files) {
                Files.copy(
                        file,
                        target.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
