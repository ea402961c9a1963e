package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The YAML section, checked.
 *
 * @param namespace of all objects
 * @param labels on all objects, without the scope's
 * @param scopeLabel the label that carries the scope
 * @param roles labels of the Pod
 * @param objects ConfigMaps or Endpoints
 * @param podIp the address that clients of the leader get, if not the Pod's own
 * @param ports that clients of the leader get
 * @param bypass whether API servers are addressed one by one, past their Service
 * @param authority replaces the service account's
 * @param context of the kubeconfig file
 * @param apiServer where the API is reached, if not where the service account or that file says
 * @param retriable HTTP codes that are no answer, besides the usual ones
 */
record KubernetesSettings(
        String namespace,
        Map<String, String> labels,
        String scopeLabel,
        RoleLabels roles,
        Objects objects,
        Optional<String> podIp,
        List<Port> ports,
        boolean bypass,
        Optional<Path> authority,
        Optional<String> context,
        Optional<HostAndPort> apiServer,
        Set<Integer> retriable) {

    private static final int POSTGRESQL = 5432;
    private static final Pattern OBJECT_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9.]{0,228}[a-z0-9])?");

    /** The kind of object that carries the entries. */
    enum Objects {
        CONFIG_MAPS("ConfigMap", "configmaps"),
        ENDPOINTS("Endpoints", "endpoints");

        private final String kind;
        private final String resource;

        Objects(String kind, String resource) {
            this.kind = kind;
            this.resource = resource;
        }

        String kind() {
            return kind;
        }

        /** The name in paths and in RBAC rules. */
        String resource() {
            return resource;
        }
    }

    /** A port as Endpoints have it. */
    record Port(Optional<String> name, int port, Optional<String> protocol) {}

    static KubernetesSettings of(Section section, String scope) {
        if (!OBJECT_NAME.matcher(scope).matches()) {
            throw new DcsException.Misconfigured(
                    "scope "
                            + scope
                            + " cannot name Kubernetes objects; use lower-case letters, digits, '-' and"
                            + " '.' only");
        }
        return of(section);
    }

    static KubernetesSettings of(Section section) {
        Map<String, String> labels = texts(section, "labels");
        if (labels.isEmpty()) {
            throw new DcsException.Misconfigured(
                    section.name()
                            + ".labels is missing; set the labels that all objects and Pods of the"
                            + " clusters carry, such as {application: patroni}");
        }
        return new KubernetesSettings(
                section.text("namespace").orElse("default"),
                labels,
                section.text("scope_label").orElse("cluster-name"),
                RoleLabels.of(section, texts(section, "bootstrap_labels")),
                section.flag("use_endpoints", false) ? Objects.ENDPOINTS : Objects.CONFIG_MAPS,
                section.text("pod_ip"),
                ports(section),
                section.flag("bypass_api_service", false),
                section.text("cacert").map(Path::of),
                section.text("context"),
                section.text("api_server").map(text -> HostAndPort.parse(section, text)),
                codes(section));
    }

    static Map<String, String> texts(Section section, String key) {
        Map<String, String> texts = new TreeMap<>();
        section.map(key).forEach((name, value) -> texts.put(name, String.valueOf(value)));
        return texts;
    }

    private static List<Port> ports(Section section) {
        List<Port> ports = new ArrayList<>();
        for (Map<String, Object> each : section.mappings("ports")) {
            Section one = new Section(section.name() + ".ports", each);
            ports.add(
                    new Port(
                            one.text("name"),
                            one.integer("port", POSTGRESQL),
                            one.text("protocol")));
        }
        return ports.isEmpty()
                ? List.of(new Port(Optional.empty(), POSTGRESQL, Optional.empty()))
                : ports;
    }

    private static Set<Integer> codes(Section section) {
        Set<Integer> codes = new TreeSet<>();
        for (String code : section.list("retriable_http_codes")) {
            try {
                codes.add(Integer.valueOf(code));
            } catch (NumberFormatException e) {
                throw new DcsException.Misconfigured(
                        section.name()
                                + ".retriable_http_codes must be a list of integers; correct it in"
                                + " the YAML file",
                        e);
            }
        }
        return codes;
    }
}
