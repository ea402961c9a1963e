package io.matriarch.benchmark.costs;

import io.matriarch.benchmark.measuring.Environment;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.LabPlan.Product;
import io.matriarch.lab.LabPlan.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmarks/run costs}. One cluster after another, so that none disturbs another. */
@Command(
        name = "costs",
        mixinStandardHelpOptions = true,
        description =
                "Measures what a member costs at rest, by backend: requests to the store, memory,"
                        + " processor time.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:measured", "2:not measured, or not all"})
public final class Costs implements Callable<Integer> {
    private static final int CANNOT = 2;

    @Option(
            names = "--backends",
            paramLabel = "NAME",
            split = ",",
            description = "Which: ${COMPLETION-CANDIDATES} (default: all).")
    private List<Store> backends = Arrays.asList(Store.values());

    @Option(
            names = "--settle",
            paramLabel = "SECONDS",
            description = "How long a cluster is left alone first (default: ${DEFAULT-VALUE}).")
    private int settle = 45;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long it is measured (default: ${DEFAULT-VALUE}).")
    private int seconds = 120;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all figures to FILE.")
    private Optional<Path> json = Optional.empty();

    @Option(names = "--no-peer", description = "Measure Matriarch alone.")
    private boolean alone;

    private final Ending ending = new Ending();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<RestCost> atRest = new ArrayList<>();
    private boolean cutShort;

    /** Made by the command line. */
    public Costs() {}

    @Override
    public Integer call() throws InterruptedException {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end"));
        try {
            Map<String, String> environment =
                    Environment.describe(System.getProperty("matriarch.commit", "unknown"));
            environment.put(
                    "settings",
                    "ttl 30, loop_wait 10, retry_timeout 10; settled for "
                            + settle
                            + " s, measured for "
                            + seconds
                            + " s");
            for (Store store : backends) {
                measure(store, Product.MATRIARCH);
                if (store == Store.ETCD3 && comparable()) {
                    measure(store, Product.PEER);
                }
            }
            CostResults results = new CostResults(environment, atRest);
            System.out.print(CostText.of(results));
            if (json.isPresent()) {
                CostJson.write(results, json.get());
            }
            return cutShort ? CANNOT : 0;
        } catch (LabException | IOException e) {
            if (!ending.isTold()) {
                say("benchmarks/run: " + e.getMessage());
            }
            return CANNOT;
        }
    }

    private boolean comparable() {
        if (!alone && Environment.peerVersion().isEmpty()) {
            say("NOT COMPARED: no program 'patroni' is installed, so there is no peer");
            return false;
        }
        return !alone;
    }

    private void measure(Store store, Product product) throws LabException, InterruptedException {
        say("three members of " + product + " on " + store);
        LabPlan plan = LabPlan.three().timed(30, 10, 10).on(store).of(product);
        Lab lab = null;
        try {
            lab = opened(Lab.prepare(plan, Path.of(System.getProperty("matriarch.home"))));
            RestCost cost =
                    new AtRest(lab, ending)
                            .measure(Duration.ofSeconds(settle), Duration.ofSeconds(seconds));
            atRest.add(cost);
            say(
                    String.format(
                            "  %.1f requests per member and minute",
                            cost.requestsPerMemberMinute()));
        } catch (LabException e) {
            if (ending.isTold()) {
                throw e;
            }
            // The other stores are measured all the same.
            say("benchmarks/run: NOT MEASURED on " + store + ": " + e.getMessage());
            cutShort = true;
        } finally {
            if (lab != null) {
                close(lab);
            }
        }
    }

    private static void say(String text) {
        System.err.println(text);
    }

    private <T extends AutoCloseable> T opened(T thing) {
        synchronized (opened) {
            opened.add(thing);
        }
        return thing;
    }

    /** Ended from outside: what runs is ended here, as the main thread may wait for anything. */
    private void end() {
        ending.tell();
        List<AutoCloseable> left;
        synchronized (opened) {
            left = new ArrayList<>(opened);
        }
        left.forEach(this::close);
    }

    private void close(AutoCloseable thing) {
        try {
            thing.close();
        } catch (Exception e) {
            // The end of its life: what does not close must not keep the others.
            say("benchmarks/run: not cleanly ended: " + e);
        }
        synchronized (opened) {
            opened.remove(thing);
        }
    }
}
