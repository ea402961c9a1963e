package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The few requests that everything is made of. Reads are linearizable: no cache answers them. */
final class Store {
    private final Calls calls;
    private final KubernetesSettings.Objects kind;
    private final boolean patient;

    Store(Calls calls, KubernetesSettings.Objects kind) {
        this(calls, kind, false);
    }

    private Store(Calls calls, KubernetesSettings.Objects kind, boolean patient) {
        this.calls = calls;
        this.kind = kind;
        this.patient = patient;
    }

    /** The same for what the lease depends on: bears with a lack of rights, which may pass. */
    Store patient() {
        return new Store(calls, kind, true);
    }

    private Reply call(ApiRequest request, Deadline deadline) {
        return patient ? calls.patiently(request, deadline) : calls.call(request, deadline);
    }

    /**
     * Objects at one moment.
     *
     * @param version of the store at that moment
     */
    record Listing(List<StoredObject> objects, long version) {
        Optional<StoredObject> object(String name) {
            return objects.stream().filter(object -> object.name().equals(name)).findFirst();
        }
    }

    /** What became of a write. */
    sealed interface Written {}

    /** It took effect, and this is the object since. */
    record Applied(StoredObject object) implements Written {}

    /**
     * The object has another version, or is there already, or is not.
     *
     * @param doubtful whether an earlier try of this write may be what made it so
     */
    record Conflict(boolean doubtful) implements Written {}

    /** The server does not accept such an object. */
    record Unacceptable(String message) implements Written {}

    /**
     * @param query which of the objects
     */
    Listing list(String what, String path, String query, Deadline deadline) {
        Reply reply = call(ApiRequest.get(what, path + "?" + query), deadline);
        if (!reply.good()) {
            throw refused(what, reply);
        }
        List<StoredObject> objects = new ArrayList<>();
        reply.body().path("items").forEach(item -> objects.add(StoredObject.of(item)));
        return new Listing(objects, StoredObject.version(reply.body().path("metadata")));
    }

    Optional<StoredObject> get(String what, String path, Deadline deadline) {
        Reply reply = call(ApiRequest.get(what, path), deadline);
        if (reply.is(Reply.NOT_FOUND)) {
            return Optional.empty();
        }
        if (!reply.good()) {
            throw refused(what, reply);
        }
        return Optional.of(reply.object());
    }

    /**
     * Changes annotations, and what else is given, if the object still has this version. The labels
     * are set again: one that an operator or a chart made may lack some, and an object without them
     * is in no listing, so that nobody would see who holds the lease.
     */
    Written patch(
            String what,
            Names names,
            StoredObject guard,
            Map<String, Optional<String>> annotations,
            Optional<JsonNode> subsets,
            Deadline deadline) {
        ObjectNode body = Json.object();
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(guard.version()));
        label(metadata, names);
        metadata.set("annotations", Json.texts(annotations));
        subsets.ifPresent(list -> body.set("subsets", list));
        ApiRequest request = ApiRequest.patch(what, names.object(guard.name()), body);
        return written(what, call(request, deadline));
    }

    /** Creates an object unless there is one of the name. */
    Written create(
            String what,
            Names names,
            String name,
            Map<String, Optional<String>> annotations,
            Optional<JsonNode> subsets,
            Deadline deadline) {
        ObjectNode body = Json.object();
        body.put("apiVersion", "v1").put("kind", kind.kind());
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("name", name);
        label(metadata, names);
        ObjectNode texts = metadata.putObject("annotations");
        annotations.forEach((key, value) -> value.ifPresent(text -> texts.put(key, text)));
        subsets.ifPresent(list -> body.set("subsets", list));
        Reply reply = call(ApiRequest.create(what, names.objects(), body), deadline);
        if (reply.is(Reply.NOT_FOUND)) {
            throw new DcsException.Misconfigured(
                    what + ": " + reply.message() + "; correct kubernetes.namespace");
        }
        return written(what, reply);
    }

    private static void label(ObjectNode metadata, Names names) {
        ObjectNode labels = metadata.putObject("labels");
        names.labels().forEach(labels::put);
    }

    private static Written written(String what, Reply reply) {
        if (reply.good()) {
            return new Applied(reply.object());
        }
        if (reply.is(Reply.CONFLICT) || reply.is(Reply.NOT_FOUND)) {
            return new Conflict(reply.doubtful());
        }
        return new Unacceptable(what + ": " + reply.message());
    }

    /** An answer that blames a request which cannot be wrong. */
    static DcsException refused(String what, Reply reply) {
        return new DcsException.NotApplied(
                what + ": the Kubernetes API answered " + reply.message());
    }
}
