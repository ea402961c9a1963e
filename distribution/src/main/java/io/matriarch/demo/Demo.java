package io.matriarch.demo;

import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Ending;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabException;
import io.matriarch.lab.LabPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code matriarch demo}: three members and their store in a scratch directory; with {@code
 * --drill} they are hurt and measured. However it ends, no process and no file stays behind.
 */
@Command(
        name = "matriarch demo",
        mixinStandardHelpOptions = true,
        description = "Runs a cluster of three members on this machine until Ctrl-C.")
public final class Demo implements Callable<Integer> {
    private static final Duration REFRESH = Duration.ofSeconds(1);
    private static final Duration START = Duration.ofMinutes(3);

    @Option(
            names = "--drill",
            description =
                    "Write rows, kill the primary, switch over, cut a member off; print each outage"
                            + " and the rows lost, then end.")
    private boolean drill;

    @Option(
            names = "--dcs",
            paramLabel = "STORE",
            converter = StoreName.class,
            description =
                    "What keeps the leader's lease: raft (the members themselves, nothing else is"
                            + " needed), or a server that is started beside them: etcd3, consul,"
                            + " zookeeper or kubernetes. Default: raft.")
    private LabPlan.Store store = LabPlan.Store.RAFT;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "With --drill: write the same figures to FILE.")
    private Optional<Path> json = Optional.empty();

    /** As in the members' files. */
    private static final class StoreName implements CommandLine.ITypeConverter<LabPlan.Store> {
        @Override
        public LabPlan.Store convert(String name) {
            return Arrays.stream(LabPlan.Store.values())
                    .filter(store -> store.name().toLowerCase(Locale.ROOT).equals(name))
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new CommandLine.TypeConversionException(
                                            "no store of the name '"
                                                    + name
                                                    + "'; use raft, etcd3, consul,"
                                                    + " zookeeper or kubernetes"));
        }
    }

    private final Screen screen = Screen.ofThisProcess();
    private final Ending ending = new Ending();

    private Demo() {}

    /** Ends with 0, or with 1 after one sentence on standard error. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (json.isPresent() && !drill) {
            System.err.println("matriarch demo: --json needs --drill");
            return 2;
        }
        String home = System.getProperty("matriarch.home");
        if (home == null) {
            System.err.println("matriarch demo: start it by the launcher 'matriarch'");
            return 1;
        }
        try (Lab cluster =
                Lab.prepare(
                        LabPlan.three().on(store).withCables(drill && store.isApart()),
                        Path.of(home))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> endAll(cluster), "end"));
            return run(cluster);
        } catch (LabException | IOException e) {
            if (!ending.isTold()) {
                System.err.println("matriarch demo: " + e.getMessage());
            }
            return 1;
        }
    }

    private int run(Lab cluster) throws LabException, InterruptedException, IOException {
        screen.say(
                "Starting three members on "
                        + cluster.storeTitle()
                        + " in "
                        + cluster.directory()
                        + " ...");
        cluster.start();
        awaitWhole(cluster);
        if (!drill) {
            watch(cluster);
            return 0;
        }
        screen.say(cluster.picture().table());
        DrillReport report = new Drill(cluster, screen, ending).run();
        screen.say(report.text());
        if (json.isPresent()) {
            report.writeJson(json.get());
        }
        return report.isSafe() ? 0 : 1;
    }

    private void awaitWhole(Lab cluster) throws LabException, InterruptedException {
        long started = System.nanoTime();
        while (!ending.pause(REFRESH)) {
            ClusterPicture picture = cluster.picture();
            screen.draw(picture.table());
            if (cluster.isWhole(picture)) {
                return;
            }
            cluster.checkDaemons();
            if (System.nanoTime() - started > START.toNanos()) {
                throw new LabException(
                        "the cluster did not come up within " + START.toMinutes() + " minutes");
            }
        }
        throw new LabException("ended before the cluster was up");
    }

    private void watch(Lab cluster) throws LabException, InterruptedException {
        ClusterPicture picture = cluster.picture();
        String leader = picture.leader().orElse("node1");
        Path tool = Path.of(System.getProperty("matriarch.home"), "bin", "matriarchctl");
        screen.say(
                String.format(
                        """

                        The cluster is up. From another terminal:
                          psql "host=127.0.0.1 port=%d user=postgres password=%s dbname=postgres"
                          %s -c %s list
                          curl http://127.0.0.1:%d/patroni
                        Ctrl-C ends everything and removes it.
                        """,
                        cluster.member(leader).publicPostgresPort(),
                        cluster.password(),
                        tool,
                        cluster.directory().resolve("ctl.yml"),
                        cluster.member(leader).publicRestPort()));
        while (!ending.pause(REFRESH)) {
            screen.draw(cluster.picture().table());
            cluster.checkDaemons();
        }
    }

    private void endAll(Lab cluster) {
        ending.tell();
        try {
            cluster.close();
        } catch (IOException e) {
            System.err.println(
                    "matriarch demo: cannot remove " + cluster.directory() + ": " + e.getMessage());
        }
    }
}
