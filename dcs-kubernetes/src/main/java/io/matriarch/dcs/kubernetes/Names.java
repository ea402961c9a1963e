package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Scope;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The names and labels of one scope's objects. */
final class Names {
    private final String scope;
    private final KubernetesSettings settings;

    Names(Scope scope, KubernetesSettings settings) {
        this.scope = scope.name();
        this.settings = settings;
    }

    /** The object that carries the entries of a kind. */
    String of(EntryKind kind) {
        switch (kind) {
            case LEADER:
            case STATUS:
            case FAILSAFE:
                return settings.objects() == KubernetesSettings.Objects.ENDPOINTS
                        ? scope
                        : scope + "-leader";
            case INITIALIZE:
            case CONFIG:
            case HISTORY:
                return scope + "-config";
            case FAILOVER:
                return scope + "-failover";
            case SYNC:
                return scope + "-sync";
            default:
                throw new IllegalArgumentException(kind + " has no object of its own");
        }
    }

    String leader() {
        return of(EntryKind.LEADER);
    }

    Map<String, String> labels() {
        Map<String, String> labels = new TreeMap<>(settings.labels());
        labels.put(settings.scopeLabel(), scope);
        return labels;
    }

    /** The part of a query that selects by all labels. */
    String query() {
        return "labelSelector=" + URLEncoder.encode(selector(), StandardCharsets.UTF_8);
    }

    /** All labels, as the API server reads them. */
    String selector() {
        return labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }

    /** The path of all objects that may carry entries. */
    String objects() {
        return path(settings.objects().resource());
    }

    String object(String name) {
        return objects() + "/" + name;
    }

    String pods() {
        return path("pods");
    }

    String services() {
        return path("services");
    }

    private String path(String resource) {
        return "/api/v1/namespaces/" + settings.namespace() + "/" + resource;
    }
}
