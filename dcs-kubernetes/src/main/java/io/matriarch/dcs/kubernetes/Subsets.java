package io.matriarch.dcs.kubernetes;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The address in the leader's Endpoints, by which clients reach it: it changes hands in the very
 * write that the lease does.
 */
final class Subsets {
    private final KubernetesSettings settings;
    private final String member;

    Subsets(KubernetesSettings settings, String member) {
        this.settings = settings;
        this.member = member;
    }

    boolean used() {
        return settings.objects() == KubernetesSettings.Objects.ENDPOINTS;
    }

    /**
     * What to write so that clients reach this member; empty if nothing is to be written, because
     * it stands there or the member's address is not known.
     */
    Optional<JsonNode> mine(Optional<StoredObject> endpoints, Optional<StoredObject> pod) {
        Optional<String> ip =
                settings.podIp().or(() -> pod.flatMap(p -> p.text("status", "podIP")));
        JsonNode now = endpoints.map(o -> o.document().path("subsets")).orElseGet(Json::object);
        if (!used() || ip.isEmpty() || stands(now, ip.get())) {
            return Optional.empty();
        }
        ArrayNode subsets = Json.object().arrayNode();
        ObjectNode subset = subsets.addObject();
        ObjectNode address = subset.putArray("addresses").addObject();
        address.put("ip", ip.get());
        pod.ifPresent(own -> describe(address, own, target(now, ip.get())));
        ArrayNode ports = subset.putArray("ports");
        for (KubernetesSettings.Port port : settings.ports()) {
            ObjectNode node = ports.addObject();
            port.name().ifPresent(name -> node.put("name", name));
            node.put("port", port.port());
            port.protocol().ifPresent(protocol -> node.put("protocol", protocol));
        }
        return Optional.of(subsets);
    }

    private void describe(ObjectNode address, StoredObject pod, Optional<JsonNode> target) {
        pod.text("spec", "hostname").ifPresent(name -> address.put("hostname", name));
        pod.text("spec", "nodeName").ifPresent(name -> address.put("nodeName", name));
        if (target.isPresent()) {
            address.set("targetRef", target.get());
            return;
        }
        ObjectNode reference = address.putObject("targetRef");
        reference.put("kind", "Pod");
        pod.text("metadata", "namespace").ifPresent(name -> reference.put("namespace", name));
        reference.put("name", member);
        pod.text("metadata", "uid").ifPresent(uid -> reference.put("uid", uid));
        reference.put("resourceVersion", Long.toString(pod.version()));
    }

    /** The reference to this Pod that somebody made before. */
    private Optional<JsonNode> target(JsonNode subsets, String ip) {
        for (JsonNode subset : subsets) {
            for (String list : List.of("addresses", "notReadyAddresses")) {
                for (JsonNode address : subset.path(list)) {
                    JsonNode target = address.path("targetRef");
                    if (address.path("ip").asString("").equals(ip)
                            && target.path("name").asString("").equals(member)) {
                        return Optional.of(target);
                    }
                }
            }
        }
        return Optional.empty();
    }

    private boolean stands(JsonNode subsets, String ip) {
        if (subsets.size() != 1) {
            return false;
        }
        JsonNode subset = subsets.path(0);
        JsonNode addresses = subset.path("addresses");
        return addresses.size() == 1
                && addresses.path(0).path("ip").asString("").equals(ip)
                && subset.path("notReadyAddresses").isEmpty()
                && ports(subset.path("ports")).equals(wantedPorts());
    }

    private static TreeSet<String> ports(JsonNode ports) {
        TreeSet<String> texts = new TreeSet<>();
        for (JsonNode port : ports) {
            texts.add(
                    text(
                            port.path("name").asString(""),
                            port.path("port").asInt(0),
                            port.path("protocol").asString("TCP")));
        }
        return texts;
    }

    private TreeSet<String> wantedPorts() {
        TreeSet<String> texts = new TreeSet<>();
        for (KubernetesSettings.Port port : settings.ports()) {
            texts.add(text(port.name().orElse(""), port.port(), port.protocol().orElse("TCP")));
        }
        return texts;
    }

    private static String text(String name, int port, String protocol) {
        return name + "/" + port + "/" + protocol;
    }

    /** What to write so that clients reach nobody. */
    Optional<JsonNode> nobody(StoredObject endpoints) {
        return used() && !endpoints.document().path("subsets").isEmpty()
                ? Optional.of(Json.object().arrayNode())
                : Optional.empty();
    }
}
