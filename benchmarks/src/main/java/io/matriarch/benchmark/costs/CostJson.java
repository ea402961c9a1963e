package io.matriarch.benchmark.costs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** The results for machines. Sizes in kilobytes, times in the unit that the name ends with. */
final class CostJson {
    private final ObjectMapper mapper =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private final ObjectNode root = mapper.createObjectNode();

    private CostJson() {}

    static void write(CostResults results, Path file) throws IOException {
        CostJson json = new CostJson();
        ObjectNode environment = json.root.putObject("environment");
        results.environment().forEach(environment::put);
        results.atRest().forEach(json::add);
        results.crowds().forEach(json::add);
        Files.writeString(file, json.mapper.writeValueAsString(json.root) + "\n");
    }

    private void add(RestCost cost) {
        ObjectNode node =
                root.withArrayProperty("at_rest")
                        .addObject()
                        .put("store", CostText.name(cost.store()))
                        .put("product", cost.product().name().toLowerCase(Locale.ROOT))
                        .put("seconds", cost.took().toMillis() / 1000.0)
                        .put("members", cost.daemons().size())
                        .put("requests_per_member_minute", cost.requestsPerMemberMinute())
                        .put("load", cost.load());
        ObjectNode kinds = node.putObject("requests");
        cost.requests().byKind().forEach(kinds::put);
        for (RestCost.Daemon daemon : cost.daemons()) {
            ObjectNode one =
                    node.withArrayProperty("daemons")
                            .addObject()
                            .put("member", daemon.member())
                            .put("leads", daemon.leads());
            put(one, daemon.used());
        }
        for (RestCost.Used server : cost.servers()) {
            put(node.withArrayProperty("servers").addObject(), server);
        }
    }

    private void add(CrowdCost crowd) {
        ObjectNode node =
                root.withArrayProperty("crowds")
                        .addObject()
                        .put("clusters", crowd.clusters())
                        .put("members_each", crowd.members())
                        .put("seconds", crowd.took().toMillis() / 1000.0)
                        .put("requests_per_second", crowd.perSecond(crowd.requests().total()))
                        .put("hints_per_second", crowd.perSecond(crowd.seen().hints()))
                        .put("reads_per_second", crowd.perSecond(crowd.seen().reads()))
                        .put("failed_calls", crowd.seen().failures())
                        .put("threads", crowd.threads())
                        .put("load", crowd.load());
        ObjectNode kinds = node.putObject("requests");
        crowd.requests().byKind().forEach(kinds::put);
        put(node.putObject("etcd"), crowd.etcd());
        put(node.putObject("members_process"), crowd.ours());
        for (LeaderChange.Latency change : crowd.changes()) {
            node.withArrayProperty("changes_of_leader")
                    .addObject()
                    .put("release_to_last_hint_ms", change.toHint())
                    .put("release_to_lease_ms", change.toTaken())
                    .put("lease_to_half_read_ms", change.toMedian())
                    .put("lease_to_last_read_ms", change.toLast())
                    .put("release_to_last_read_ms", change.whole());
        }
    }

    private static void put(ObjectNode node, RestCost.Used used) {
        node.put("resident_kb", used.atEnd().residentKb())
                .put("not_backed_by_files_kb", used.atEnd().ownKb())
                .put("cpu_ms", used.cpu().toMillis());
    }
}
