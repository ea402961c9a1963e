package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * The own Pod: the member record in an annotation, and the labels by which Services select. The
 * record lives as long as the Pod. Only this member writes it, so no version guards it, but the uid
 * does: a late write of a process that is gone does not reach the Pod's successor.
 */
final class MemberPod {
    static final String STATUS = "status";

    private static final String WHAT = "writing the member record";

    private final String name;
    private final String path;
    private final RoleLabels roles;
    private final Calls calls;
    private final BooleanSupplier leads;
    private volatile Optional<StoredObject> last = Optional.empty();

    /** Whether a write may be under way whose end nobody saw: what stands there is not known. */
    private volatile boolean doubtful;

    /**
     * @param leads whether the leader record names this member
     */
    MemberPod(String name, Names names, RoleLabels roles, Calls calls, BooleanSupplier leads) {
        this.name = name;
        this.path = names.pods() + "/" + name;
        this.roles = roles;
        this.calls = calls;
        this.leads = leads;
    }

    /** The member that a Pod is, once it registered. */
    static Optional<Entry> entry(StoredObject pod) {
        return pod.annotation(STATUS)
                .map(
                        text ->
                                new Entry(
                                        EntryKind.MEMBER,
                                        text,
                                        Layout.digest(
                                                List.of(
                                                        pod.text("metadata", "uid").orElse(""),
                                                        text)),
                                        Optional.empty()));
    }

    /** Takes note of all Pods of the scope. */
    void saw(List<StoredObject> pods) {
        pods.stream().filter(pod -> pod.name().equals(name)).findFirst().ifPresent(this::saw);
    }

    private void saw(StoredObject pod) {
        if (last.filter(before -> before.version() > pod.version()).isEmpty()) {
            last = Optional.of(pod);
        }
    }

    /** The own Pod, asked for if it was never seen; empty if there is none of the name. */
    Optional<StoredObject> pod(Deadline deadline) {
        if (last.isEmpty()) {
            Reply reply = calls.patiently(ApiRequest.get("looking at the own Pod", path), deadline);
            if (reply.good()) {
                saw(reply.object());
            }
        }
        return last;
    }

    /** Writes the record and the labels unless they stand. */
    Outcome<Outcome.Done> touch(MemberEntry me, Deadline deadline) {
        if (!me.name().equals(name)) {
            throw new IllegalArgumentException("not the member " + name + ": " + me.name());
        }
        while (true) {
            Map<String, Optional<String>> labels = roles.wanted(me, leads.getAsBoolean());
            if (!doubtful && last.filter(pod -> stands(pod, me, labels)).isPresent()) {
                return Outcome.done();
            }
            Reply reply = send(me, labels, deadline);
            if (reply.good()) {
                doubtful = false;
                saw(reply.object());
                return Outcome.done();
            }
            if (reply.is(Reply.NOT_FOUND)) {
                return Outcome.refused(
                        Outcome.Refusal.MISSING,
                        "there is no Pod " + name + "; the member's name must be its Pod's");
            }
            if (!reply.is(Reply.CONFLICT)) {
                throw Store.refused(WHAT, reply);
            }
            // The Pod was replaced under its name.
            last = Optional.empty();
            pod(deadline);
        }
    }

    private boolean stands(StoredObject pod, MemberEntry me, Map<String, Optional<String>> labels) {
        Map<String, String> now = pod.labels();
        return pod.annotation(STATUS).equals(Optional.of(me.value().text()))
                && labels.entrySet().stream()
                        .allMatch(
                                label ->
                                        Optional.ofNullable(now.get(label.getKey()))
                                                .equals(label.getValue()));
    }

    private Reply send(MemberEntry me, Map<String, Optional<String>> labels, Deadline deadline) {
        ObjectNode body = Json.object();
        ObjectNode metadata = body.putObject("metadata");
        last.flatMap(pod -> pod.text("metadata", "uid")).ifPresent(uid -> metadata.put("uid", uid));
        metadata.putObject("annotations").put(STATUS, me.value().text());
        metadata.set("labels", Json.texts(labels));
        try {
            return calls.call(ApiRequest.patch(WHAT, path, body), deadline);
        } catch (DcsException.OutcomeUnknown e) {
            doubtful = true;
            throw e;
        }
    }
}
