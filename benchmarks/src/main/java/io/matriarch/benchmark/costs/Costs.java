package io.matriarch.benchmark.costs;

import io.matriarch.benchmark.measuring.Environment;
import io.matriarch.daemon.logging.Logs;
import io.matriarch.engine.plugin.DcsProviders;
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
import java.util.Locale;
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
                        + " processor time; and what very many members cost one etcd.",
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:measured", "2:not measured, or not all"})
public final class Costs implements Callable<Integer> {
    private static final int CANNOT = 2;

    @Option(
            names = "--backends",
            paramLabel = "NAME",
            split = ",",
            description =
                    "Some of etcd3, consul, zookeeper, kubernetes and raft, or none (default: all).")
    private List<String> backends = Arrays.stream(Store.values()).map(CostText::name).toList();

    @Option(
            names = "--crowd",
            paramLabel = "N",
            description =
                    "Simulated members of one cluster on one etcd; 0 for none (default:"
                            + " ${DEFAULT-VALUE}).")
    private int crowd = 100;

    @Option(
            names = "--clusters",
            paramLabel = "N",
            description =
                    "Clusters of three simulated members on one etcd; 0 for none (default:"
                            + " ${DEFAULT-VALUE}).")
    private int clusters = 200;

    @Option(
            names = "--changes",
            paramLabel = "N",
            description = "Changes of leader in each of these (default: ${DEFAULT-VALUE}).")
    private int changes = 10;

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
    private final List<CrowdCost> crowds = new ArrayList<>();
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
            for (Store store : stores()) {
                measure(store, Product.MATRIARCH);
                if (store == Store.ETCD3 && comparable()) {
                    measure(store, Product.PEER);
                }
            }
            measureCrowds();
            CostResults results = new CostResults(environment, atRest, crowds);
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

    private List<Store> stores() throws LabException {
        List<Store> stores = new ArrayList<>();
        for (String backend : backends) {
            if (!backend.equals("none")) {
                stores.add(store(backend));
            }
        }
        return stores;
    }

    private static Store store(String backend) throws LabException {
        return Arrays.stream(Store.values())
                .filter(store -> CostText.name(store).equals(backend))
                .findFirst()
                .orElseThrow(() -> new LabException("there is no backend '" + backend + "'"));
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
        part(
                store + "",
                () -> {
                    try (Part<Lab> lab = opened(Lab.prepare(plan, home()))) {
                        RestCost cost =
                                new AtRest(lab.thing(), ending)
                                        .measure(
                                                Duration.ofSeconds(settle),
                                                Duration.ofSeconds(seconds));
                        atRest.add(cost);
                        say(
                                String.format(
                                        Locale.ROOT,
                                        "  %.1f requests per member and minute",
                                        cost.requestsPerMemberMinute()));
                    }
                });
    }

    private void measureCrowds() throws LabException, InterruptedException {
        Logs.early();
        // Never closed: what the libraries still do when their clients have ended needs its
        // classes.
        DcsProviders providers = DcsProviders.find(Optional.of(home()));
        if (crowd > 0) {
            measure(providers, 1, crowd);
        }
        if (clusters > 0) {
            measure(providers, clusters, 3);
        }
    }

    private void measure(DcsProviders providers, int count, int members)
            throws LabException, InterruptedException {
        String what = count + " clusters of " + members + " simulated members";
        say(what);
        part(
                what,
                () -> {
                    try (Part<Lab> lab = opened(Lab.prepare(LabPlan.three(), home()));
                            Part<Crowd> all = opened(new Crowd(lab.thing(), providers, ending))) {
                        CrowdCost cost =
                                all.thing()
                                        .measure(
                                                count,
                                                members,
                                                Duration.ofSeconds(settle),
                                                Duration.ofSeconds(seconds),
                                                changes);
                        crowds.add(cost);
                        say(
                                String.format(
                                        Locale.ROOT,
                                        "  %.0f requests a second",
                                        cost.perSecond(cost.requests().total())));
                    }
                });
    }

    /** A part of the whole that may fail for itself. */
    private interface Measuring {
        void run() throws LabException, IOException, InterruptedException;
    }

    private void part(String what, Measuring measuring) throws LabException, InterruptedException {
        try {
            measuring.run();
        } catch (LabException | IOException | IllegalStateException e) {
            if (ending.isTold()) {
                throw new LabException("ended before all was measured", e);
            }
            // The others are measured all the same.
            say("benchmarks/run: NOT MEASURED: " + what + ": " + e.getMessage());
            cutShort = true;
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("matriarch.home"));
    }

    /** What is ended once: after its part, or before when all is ended from outside. */
    private record Part<T extends AutoCloseable>(T thing, Runnable end) implements AutoCloseable {
        @Override
        public void close() {
            end.run();
        }
    }

    private static void say(String text) {
        System.err.println(text);
    }

    private <T extends AutoCloseable> Part<T> opened(T thing) {
        synchronized (opened) {
            opened.add(thing);
        }
        return new Part<>(thing, () -> close(thing));
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
