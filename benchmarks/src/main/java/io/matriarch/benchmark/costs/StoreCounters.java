package io.matriarch.benchmark.costs;

import io.matriarch.benchmark.costs.Prometheus.Sample;
import io.matriarch.lab.LabPlan.Store;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the members' requests in what a store's server counts. Pure. */
final class StoreCounters {
    private static final Pattern RECEIVED =
            Pattern.compile("^Received: (\\d+)$", Pattern.MULTILINE);

    /** What members and their tool touch; the API server asks itself for many other things. */
    private static final Set<String> OBJECTS =
            Set.of("configmaps", "endpoints", "pods", "services", "secrets");

    private StoreCounters() {}

    /** How the figures came about, for the report. */
    static String method(Store store) {
        return switch (store) {
            case ETCD3 ->
                    "messages that etcd received, by its grpc_server_msg_received_total: each call"
                            + " of a kind is one, and so is each message on a stream (a keep-alive"
                            + " of a lease, a watch's sign of life)";
            case CONSUL ->
                    "HTTP requests that the agent answered, by its consul_api_http_count; a"
                            + " blocking query counts when it ends";
            case ZOOKEEPER ->
                    "packets that the server received, by \"Received\" of its srvr: operations"
                            + " and the sessions' pings alike";
            case KUBERNETES ->
                    "requests that the API server answered, by its apiserver_request_total:"
                            + " ConfigMaps, Endpoints, Pods and Services in one namespace; a watch"
                            + " counts when it ends";
            case RAFT ->
                    "entries that the members' log grew by, as one member has it on disk: reads"
                            + " and writes alike go through it. \"clock\" is the leader's own."
                            + " Not in it: each member's question for news, which is held up to"
                            + " 3 s and so is sent 20 times a minute or more";
        };
    }

    /**
     * @param told as {@link io.matriarch.lab.Lab#storeCounters()} has it
     */
    static Counts of(Store store, String told) {
        return switch (store) {
            case ETCD3 -> etcd(told);
            case CONSUL -> consul(told);
            case ZOOKEEPER -> zooKeeper(told);
            case KUBERNETES -> kubernetes(told);
            case RAFT -> throw new IllegalArgumentException("the members are the store");
        };
    }

    private static Counts etcd(String told) {
        TreeMap<String, Long> counts = new TreeMap<>();
        for (Sample sample : Prometheus.samples(told, "grpc_server_msg_received_total")) {
            add(counts, sample.label("grpc_method"), sample);
        }
        return new Counts(counts);
    }

    private static Counts consul(String told) {
        TreeMap<String, Long> counts = new TreeMap<>();
        for (Sample sample : Prometheus.samples(told, "consul_api_http_count")) {
            String path = sample.label("path");
            if (!path.startsWith("v1_agent_metrics")) { // our own
                add(counts, sample.label("method") + " " + path, sample);
            }
        }
        return new Counts(counts);
    }

    private static Counts kubernetes(String told) {
        TreeMap<String, Long> counts = new TreeMap<>();
        for (Sample sample : Prometheus.samples(told, "apiserver_request_total")) {
            boolean whole = sample.label("scope").equals("cluster");
            if (!whole && OBJECTS.contains(sample.label("resource"))) {
                add(counts, sample.label("verb") + " " + sample.label("resource"), sample);
            }
        }
        return new Counts(counts);
    }

    private static Counts zooKeeper(String told) {
        Matcher received = RECEIVED.matcher(told);
        if (!received.find()) {
            throw new IllegalArgumentException("no answer to srvr: " + told);
        }
        TreeMap<String, Long> counts = new TreeMap<>();
        counts.put("packets", Long.parseLong(received.group(1)));
        return new Counts(counts);
    }

    private static void add(TreeMap<String, Long> counts, String kind, Sample sample) {
        counts.merge(kind, (long) sample.value(), Long::sum);
    }
}
