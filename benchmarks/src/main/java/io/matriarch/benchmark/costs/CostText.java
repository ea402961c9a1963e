package io.matriarch.benchmark.costs;

import io.matriarch.benchmark.costs.LeaderChange.Latency;
import io.matriarch.benchmark.measuring.Figures;
import io.matriarch.lab.LabPlan.Product;
import io.matriarch.lab.LabPlan.Store;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The results for people, as Markdown. */
final class CostText {
    private final CostResults results;
    private final StringBuilder text = new StringBuilder();

    private CostText(CostResults results) {
        this.results = results;
    }

    static String of(CostResults results) {
        CostText made = new CostText(results);
        made.addRest();
        made.addKinds();
        made.addCrowds();
        made.addEnvironment();
        return made.text.toString();
    }

    private void addRest() {
        if (results.atRest().isEmpty()) {
            return;
        }
        text.append("## At rest\n\n")
                .append("| Store | Daemon | Requests per member and minute | Resident memory of a")
                .append(
                        " daemon, MB (leader) | Of it not backed by files, MB | Its CPU, s a minute")
                .append(" (leader) | The store's servers: memory, MB | Their CPU, s a minute |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        results.atRest().forEach(this::addRow);
        text.append('\n');
        for (RestCost peers : results.atRest()) {
            results.of(peers.store(), Product.MATRIARCH)
                    .filter(ours -> peers.product() == Product.PEER)
                    .ifPresent(ours -> addRatio(ours, peers));
        }
    }

    private void addRow(RestCost cost) {
        add(
                "| %s | %s | %.1f | %.0f (%.0f) | %.0f | %.2f (%.2f) | %s | %s |%n",
                name(cost.store()),
                name(cost.product()),
                cost.requestsPerMemberMinute(),
                standbys(cost, CostText::megabytes),
                leader(cost, CostText::megabytes),
                standbys(cost, daemon -> daemon.used().atEnd().ownKb() / 1024.0),
                standbys(cost, cost::cpuPerMinute),
                leader(cost, cost::cpuPerMinute),
                cost.servers().isEmpty()
                        ? "none"
                        : cost.servers().stream()
                                .map(s -> s.atEnd().residentKb() / 1024)
                                .map(String::valueOf)
                                .collect(Collectors.joining(" + ")),
                cost.servers().isEmpty()
                        ? "none"
                        : String.format(Locale.ROOT, "%.2f", cost.serverCpuPerMinute()));
    }

    private void addRatio(RestCost ours, RestCost peers) {
        add(
                "On %s, ours / peer's: requests %.2f, memory of a standby's daemon %.2f, its CPU"
                        + " %.2f.%n%n",
                name(ours.store()),
                ours.requestsPerMemberMinute() / peers.requestsPerMemberMinute(),
                standbys(ours, CostText::megabytes) / standbys(peers, CostText::megabytes),
                standbys(ours, ours::cpuPerMinute) / standbys(peers, peers::cpuPerMinute));
    }

    private void addKinds() {
        if (results.atRest().isEmpty()) {
            return;
        }
        text.append("What the requests are, per member and minute:\n\n");
        for (RestCost cost : results.atRest()) {
            String kinds =
                    cost.requests().byKind().entrySet().stream()
                            .map(kind -> kind(cost, kind))
                            .collect(Collectors.joining(", "));
            add("- %s, %s: %s%n", name(cost.store()), name(cost.product()), kinds);
        }
        text.append("\nHow they were counted:\n\n");
        Set<Store> stores = new LinkedHashSet<>();
        results.atRest().forEach(cost -> stores.add(cost.store()));
        for (Store store : stores) {
            add("- %s: %s.%n", name(store), StoreCounters.method(store));
        }
        text.append('\n');
    }

    private static String kind(RestCost cost, Map.Entry<String, Long> kind) {
        return String.format(
                Locale.ROOT,
                "%s %.1f",
                kind.getKey(),
                cost.requestsPerMemberMinute(kind.getValue()));
    }

    private static double megabytes(RestCost.Daemon daemon) {
        return daemon.used().atEnd().residentKb() / 1024.0;
    }

    private static double standbys(RestCost cost, ToDoubleFunction<RestCost.Daemon> figure) {
        return cost.daemons().stream()
                .filter(daemon -> !daemon.leads())
                .mapToDouble(figure)
                .average()
                .orElse(Double.NaN);
    }

    private static double leader(RestCost cost, ToDoubleFunction<RestCost.Daemon> figure) {
        Optional<RestCost.Daemon> leader =
                cost.daemons().stream().filter(RestCost.Daemon::leads).findFirst();
        return leader.isPresent() ? figure.applyAsDouble(leader.get()) : Double.NaN;
    }

    static String name(Store store) {
        return store.name().toLowerCase(Locale.ROOT);
    }

    private static String name(Product product) {
        return product == Product.MATRIARCH ? "Matriarch" : "peer";
    }

    private void addCrowds() {
        if (results.crowds().isEmpty()) {
            return;
        }
        text.append("## Very many simulated members on one etcd\n\n")
                .append("| Clusters | Members of each | Requests a second | Hints to members a")
                .append(" second | Reads a second | Failed calls | etcd: CPU, % of a core |")
                .append(" etcd: memory, MB |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        for (CrowdCost crowd : results.crowds()) {
            add(
                    "| %d | %d | %.1f | %.2f | %.1f | %d | %.1f | %d |%n",
                    crowd.clusters(),
                    crowd.members(),
                    crowd.perSecond(crowd.requests().total()),
                    crowd.perSecond(crowd.seen().hints()),
                    crowd.perSecond(crowd.seen().reads()),
                    crowd.seen().failures(),
                    crowd.percentOfCore(crowd.etcd()),
                    crowd.etcd().atEnd().residentKb() / 1024);
        }
        addChanges();
        text.append("What the requests are, a second:\n\n");
        for (CrowdCost crowd : results.crowds()) {
            String kinds =
                    crowd.requests().byKind().entrySet().stream()
                            .map(
                                    kind ->
                                            String.format(
                                                    Locale.ROOT,
                                                    "%s %.1f",
                                                    kind.getKey(),
                                                    crowd.perSecond(kind.getValue())))
                            .collect(Collectors.joining(", "));
            add("- %d x %d: %s%n", crowd.clusters(), crowd.members(), kinds);
        }
        text.append('\n');
    }

    private void addChanges() {
        text.append(
                        "\nA change of leader, in milliseconds: median, and the longest in brackets\n\n")
                .append(
                        "| Clusters | Members of each | Changes | Release to the last member's hint")
                .append(" | Release to the successor's lease | From there to half of the members'")
                .append(" read | ... to the last member's | Release to the last member's read |\n")
                .append("|---|---|---|---|---|---|---|---|\n");
        for (CrowdCost crowd : results.crowds()) {
            if (!crowd.changes().isEmpty()) {
                add(
                        "| %d | %d | %d | %s | %s | %s | %s | %s |%n",
                        crowd.clusters(),
                        crowd.members(),
                        crowd.changes().size(),
                        figures(crowd, Latency::toHint),
                        figures(crowd, Latency::toTaken),
                        figures(crowd, Latency::toMedian),
                        figures(crowd, Latency::toLast),
                        figures(crowd, Latency::whole));
            }
        }
        text.append('\n');
    }

    private static String figures(CrowdCost crowd, ToDoubleFunction<Latency> what) {
        Figures figures = Figures.of(crowd.changes().stream().mapToDouble(what).toArray());
        return String.format(Locale.ROOT, "%.0f (%.0f)", figures.median(), figures.max());
    }

    private void addEnvironment() {
        text.append("## Environment\n\n");
        results.environment().forEach((name, value) -> add("- %s: %s%n", name, value));
        for (RestCost cost : results.atRest()) {
            add(
                    "- load at the end of %s, %s: %.2f%n",
                    name(cost.store()), name(cost.product()), cost.load());
        }
        for (CrowdCost crowd : results.crowds()) {
            add(
                    "- all %d simulated members of %d clusters: %d threads, %d MB, %.0f %% of a core;"
                            + " load %.2f%n",
                    crowd.all(),
                    crowd.clusters(),
                    crowd.threads(),
                    crowd.ours().atEnd().residentKb() / 1024,
                    crowd.percentOfCore(crowd.ours()),
                    crowd.load());
        }
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values));
    }
}
