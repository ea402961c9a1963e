package io.matriarch.engine.codec;

import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.model.Tags;
import io.matriarch.spi.MemberEntry;
import io.matriarch.spi.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The value of {@code members/NAME}. */
final class MemberCodec {
    private MemberCodec() {}

    static Member read(String name, String text) {
        if (text.startsWith("postgres")) {
            return legacy(name, text);
        }
        return Fields.parse(text).map(fields -> read(name, fields)).orElse(Member.named(name));
    }

    private static Member read(String name, Fields fields) {
        return new Member(
                name,
                fields.text("conn_url"),
                fields.text("api_url"),
                fields.text("state").orElse("unknown"),
                fields.text("role").flatMap(Role::parse),
                fields.text("version"),
                fields.object("tags").map(tags -> new Tags(tags.values())).orElse(Tags.NONE),
                fields.position("xlog_location"),
                fields.position("receive_lsn"),
                fields.position("replay_lsn"),
                fields.text("replication_state"),
                fields.integer("timeline"),
                !Boolean.FALSE.equals(fields.values().get("checkpoint_after_promote")),
                pendingRestart(fields),
                fields.object("scheduled_restart").flatMap(MemberCodec::scheduledRestart),
                fields.truthy("pause"));
    }

    /** Before JSON, the value was the connection URL, with the API's URL in its query. */
    private static Member legacy(String name, String url) {
        int query = url.indexOf('?');
        Optional<String> apiUrl =
                query < 0
                        ? Optional.empty()
                        : java.util.Arrays.stream(url.substring(query + 1).split("&"))
                                .filter(pair -> pair.startsWith("application_name="))
                                .map(pair -> decoded(pair.substring(pair.indexOf('=') + 1)))
                                .findFirst();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("conn_url", query < 0 ? url : url.substring(0, query));
        apiUrl.ifPresent(text -> fields.put("api_url", text));
        return read(name, new Fields(fields));
    }

    private static String decoded(String text) {
        try {
            return java.net.URLDecoder.decode(text, java.nio.charset.StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A stray percent sign: the text means itself.
            return text;
        }
    }

    private static Map<String, PendingChange> pendingRestart(Fields fields) {
        Map<String, PendingChange> changes = new LinkedHashMap<>();
        Fields reasons = fields.object("pending_restart_reason").orElse(Fields.NONE);
        for (String parameter : reasons.values().keySet()) {
            Fields reason = reasons.object(parameter).orElse(Fields.NONE);
            changes.put(
                    parameter,
                    new PendingChange(
                            reason.text("old_value").orElse("?"),
                            reason.text("new_value").orElse("?")));
        }
        return changes;
    }

    private static Optional<ScheduledRestart> scheduledRestart(Fields fields) {
        Map<String, Object> filters = new LinkedHashMap<>(fields.values());
        filters.remove("schedule");
        filters.remove("postmaster_start_time");
        return fields.text("schedule")
                .flatMap(IsoTime::parse)
                .map(
                        at ->
                                new ScheduledRestart(
                                        at,
                                        filters,
                                        fields.text("postmaster_start_time").orElse("")));
    }

    static MemberEntry write(Member member, Optional<String> proxyUrl) {
        Map<String, Object> fields = new LinkedHashMap<>();
        member.connUrl().ifPresent(url -> fields.put("conn_url", url));
        member.apiUrl().ifPresent(url -> fields.put("api_url", url));
        fields.put("state", member.state());
        member.role().ifPresent(role -> fields.put("role", role.text()));
        fields.put("version", Product.PEER_VERSION);
        proxyUrl.ifPresent(url -> fields.put("proxy_url", url));
        if (!member.checkpointAfterPromote()) {
            fields.put("checkpoint_after_promote", false);
        }
        if (!member.tags().values().isEmpty()) {
            fields.put("tags", member.tags().values());
        }
        if (!member.pendingRestart().isEmpty()) {
            fields.put("pending_restart", true);
            fields.put("pending_restart_reason", reasons(member.pendingRestart()));
        }
        member.position().ifPresent(lsn -> fields.put("xlog_location", lsn.bytes()));
        member.replayed().ifPresent(lsn -> fields.put("replay_lsn", lsn.bytes()));
        member.received().ifPresent(lsn -> fields.put("receive_lsn", lsn.bytes()));
        member.replicationState().ifPresent(state -> fields.put("replication_state", state));
        if (member.timeline() != 0) {
            fields.put("timeline", member.timeline());
        }
        member.scheduledRestart()
                .ifPresent(restart -> fields.put("scheduled_restart", written(restart)));
        if (member.pause()) {
            fields.put("pause", true);
        }
        fields.put("matriarch_version", Product.version());
        return new MemberEntry(
                member.name(),
                new Value(Json.compact(fields), addresses(member)),
                member.role().map(Role::text).orElse(""),
                member.state());
    }

    /** What a store that also registers services needs of the record. */
    private static Map<String, String> addresses(Member member) {
        Map<String, String> addresses = new LinkedHashMap<>();
        member.connUrl().ifPresent(url -> addresses.put("conn_url", url));
        member.apiUrl().ifPresent(url -> addresses.put("api_url", url));
        return addresses;
    }

    /** The form of {@code pending_restart_reason}. */
    private static Map<String, Object> reasons(Map<String, PendingChange> changes) {
        Map<String, Object> reasons = new LinkedHashMap<>();
        changes.forEach(
                (parameter, change) -> {
                    Map<String, Object> reason = new LinkedHashMap<>();
                    reason.put("old_value", change.oldValue());
                    reason.put("new_value", change.newValue());
                    reasons.put(parameter, reason);
                });
        return reasons;
    }

    private static Map<String, Object> written(ScheduledRestart restart) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("schedule", IsoTime.text(restart.at()));
        fields.putAll(restart.filters());
        fields.put("postmaster_start_time", restart.postmasterStartTime());
        return fields;
    }
}
