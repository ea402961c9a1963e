package io.matriarch.engine.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.model.MemberState;
import io.matriarch.engine.model.PendingChange;
import io.matriarch.engine.model.Role;
import io.matriarch.engine.model.ScheduledRestart;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.spi.EntryKind;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each expected text was seen on a running cluster of the peer. */
class DocumentsTest {
    @Test
    void primary() {
        Situation situation = Situation.primary();
        situation.position = 67108960;
        situation.tags = Map.of("clonefrom", true);
        situation.senders = List.of(sender("pg2"));
        assertThat(situation.document())
                .isEqualTo(
                        "{\"state\": \"running\", \"postmaster_start_time\": \"2026-11-23"
                                + " 02:24:37.768886+00:00\", \"role\": \"primary\","
                                + " \"server_version\": 150018, \"xlog\": {\"location\":"
                                + " 67108960}, \"timeline\": 1, \"replication\": [{\"usename\":"
                                + " \"replicator\", \"application_name\": \"pg2\","
                                + " \"client_addr\": \"127.0.0.1\", \"state\": \"streaming\","
                                + " \"sync_state\": \"async\", \"sync_priority\": 0}],"
                                + " \"dcs_last_seen\": 1795400724, \"tags\": {\"clonefrom\":"
                                + " true}, \"database_system_identifier\":"
                                + " \"7711187191231420287\", \"patroni\": {\"version\":"
                                + " \"4.1.4\", \"scope\": \"demo\", \"name\": \"pg1\"}}");
    }

    @Test
    void synchronousReplica() {
        Situation situation = Situation.replica();
        situation.startTime = "2026-11-23 02:31:45.572789+00:00";
        situation.received = 67500088;
        situation.replayed = 67500088;
        situation.replayedTimestamp = Optional.of("2026-11-23 02:32:20.139266+00:00");
        situation.timeline = 2;
        situation.lastSeen = 1795401155;
        situation.mode = SynchronousMode.ON;
        situation.entries.put(
                EntryKind.SYNC, "{\"leader\":\"pg1\",\"sync_standby\":\"pg2\",\"quorum\":0}");
        assertThat(situation.document())
                .isEqualTo(
                        "{\"state\": \"running\", \"postmaster_start_time\": \"2026-11-23"
                                + " 02:31:45.572789+00:00\", \"role\": \"replica\","
                                + " \"server_version\": 150018, \"xlog\": {\"received_location\":"
                                + " 67500088, \"replayed_location\": 67500088,"
                                + " \"replayed_timestamp\": \"2026-11-23 02:32:20.139266+00:00\","
                                + " \"paused\": false}, \"sync_standby\": true, \"timeline\": 2,"
                                + " \"replication_state\": \"streaming\", \"dcs_last_seen\":"
                                + " 1795401155, \"database_system_identifier\":"
                                + " \"7711187191231420287\", \"patroni\": {\"version\": \"4.1.4\","
                                + " \"scope\": \"demo\", \"name\": \"pg2\"}}");
    }

    @Test
    void standbyLeader() {
        Situation situation = Situation.replica();
        situation.name = "pg3";
        situation.holdsLease = true;
        situation.standbyCluster = true;
        situation.role = Role.STANDBY_LEADER;
        situation.streaming = false;
        situation.archive = true;
        situation.startTime = "2026-11-23 02:29:01.823140+00:00";
        situation.received = 67500632;
        situation.replayed = 67500632;
        situation.replayedTimestamp = Optional.of("2026-11-23 02:32:52.771335+00:00");
        situation.timeline = 2;
        situation.senders = List.of(sender("pg1"));
        situation.lastSeen = 1795401300;
        situation.tags = Map.of("clonefrom", true);
        situation.entries.put(EntryKind.LEADER, "pg3");
        assertThat(situation.document())
                .isEqualTo(
                        "{\"state\": \"running\", \"postmaster_start_time\": \"2026-11-23"
                                + " 02:29:01.823140+00:00\", \"role\": \"standby_leader\","
                                + " \"server_version\": 150018, \"xlog\": {\"received_location\":"
                                + " 67500632, \"replayed_location\": 67500632,"
                                + " \"replayed_timestamp\": \"2026-11-23 02:32:52.771335+00:00\","
                                + " \"paused\": false}, \"timeline\": 2, \"replication_state\": \"in"
                                + " archive recovery\", \"replication\": [{\"usename\":"
                                + " \"replicator\", \"application_name\": \"pg1\", \"client_addr\":"
                                + " \"127.0.0.1\", \"state\": \"streaming\", \"sync_state\":"
                                + " \"async\", \"sync_priority\": 0}], \"dcs_last_seen\":"
                                + " 1795401300, \"tags\": {\"clonefrom\": true},"
                                + " \"database_system_identifier\": \"7711187191231420287\","
                                + " \"patroni\": {\"version\": \"4.1.4\", \"scope\": \"demo\","
                                + " \"name\": \"pg3\"}}");
    }

    @Test
    void pausedReplica() {
        Situation situation = Situation.replica();
        situation.name = "pg1";
        situation.pause = true;
        situation.startTime = "2026-11-23 02:28:26.370364+00:00";
        situation.received = 67499936;
        situation.replayed = 67499936;
        situation.timeline = 2;
        situation.lastSeen = 1795400921;
        assertThat(situation.document())
                .isEqualTo(
                        "{\"state\": \"running\", \"postmaster_start_time\": \"2026-11-23"
                                + " 02:28:26.370364+00:00\", \"role\": \"replica\","
                                + " \"server_version\": 150018, \"xlog\": {\"received_location\":"
                                + " 67499936, \"replayed_location\": 67499936,"
                                + " \"replayed_timestamp\": null, \"paused\": false},"
                                + " \"timeline\": 2, \"replication_state\": \"streaming\","
                                + " \"pause\": true, \"dcs_last_seen\": 1795400921,"
                                + " \"database_system_identifier\": \"7711187191231420287\","
                                + " \"patroni\": {\"version\": \"4.1.4\", \"scope\": \"demo\","
                                + " \"name\": \"pg1\"}}");
    }

    @Test
    void pendingAndScheduledRestart() {
        Situation situation = Situation.replica();
        situation.pending = Map.of("max_connections", new PendingChange("100", "150"));
        Map<String, Object> filters = new LinkedHashMap<>();
        filters.put("restart_pending", true);
        filters.put("postgres_version", "15.99");
        situation.scheduled =
                Optional.of(
                        new ScheduledRestart(
                                OffsetDateTime.parse("2026-11-23T05:28:00Z"), filters, "then"));
        assertThat(situation.document())
                .endsWith(
                        "\"pending_restart\": true, \"pending_restart_reason\":"
                                + " {\"max_connections\": {\"old_value\": \"100\", \"new_value\":"
                                + " \"150\"}}, \"patroni\": {\"version\": \"4.1.4\", \"scope\":"
                                + " \"demo\", \"name\": \"pg2\"}, \"scheduled_restart\":"
                                + " {\"restart_pending\": true, \"postgres_version\": \"15.99\","
                                + " \"schedule\": \"2026-11-23T05:28:00+00:00\"}}");
    }

    @Test
    void stoppedInPause() {
        Situation situation = Situation.replica();
        situation.state = MemberState.STOPPED;
        situation.pause = true;
        situation.tags = Map.of("clonefrom", true);
        situation.lastSeen = 1795401211;
        assertThat(situation.document())
                .startsWith(
                        "{\"state\": \"stopped\", \"role\": \"replica\", \"pause\": true,"
                                + " \"dcs_last_seen\": 1795401211, \"tags\": {\"clonefrom\": true},"
                                + " \"database_system_identifier\": \"7711187191231420287\","
                                + " \"patroni\": {");
    }

    @Test
    void unknownStateAndUnlockedCluster() {
        Situation situation = Situation.primary();
        situation.answers = false;
        situation.view = false;
        assertThat(situation.document())
                .startsWith(
                        "{\"state\": \"unknown\", \"role\": \"primary\", \"cluster_unlocked\":"
                                + " true, \"dcs_last_seen\": 1795400724, ");
    }

    @Test
    void cluster() {
        Situation situation = Situation.replica();
        situation.pause = true;
        situation.mode = SynchronousMode.ON;
        situation.entries.put(EntryKind.LEADER, "pg2");
        situation.entries.put(EntryKind.STATUS, "{\"optime\":67500088}");
        situation.entries.put(
                EntryKind.FAILOVER,
                "{\"leader\":\"pg2\",\"scheduled_at\":\"2026-11-23T04:26:00+00:00\"}");
        situation.entries.put(
                EntryKind.SYNC, "{\"leader\":\"pg2\",\"sync_standby\":\"pg1\",\"quorum\":0}");
        situation.members.put(
                "pg1",
                "{\"conn_url\":\"postgres://127.0.0.1:15431/postgres\",\"api_url\":\"http://127.0.0.1:18001/patroni\","
                        + "\"state\":\"running\",\"role\":\"replica\",\"version\":\"4.1.4\","
                        + "\"tags\":{\"clonefrom\":true},\"xlog_location\":67500088,"
                        + "\"receive_lsn\":67500088,\"replay_lsn\":67500088,"
                        + "\"replication_state\":\"streaming\",\"timeline\":2}");
        situation.members.put(
                "pg2",
                "{\"conn_url\":\"postgres://127.0.0.1:15432/postgres\",\"api_url\":\"http://127.0.0.1:18002/patroni\","
                        + "\"state\":\"running\",\"role\":\"primary\",\"version\":\"4.1.4\","
                        + "\"xlog_location\":67500088,\"timeline\":2}");
        assertThat(cluster(situation))
                .isEqualTo(
                        "{\"members\": [{\"name\": \"pg1\", \"role\": \"sync_standby\","
                                + " \"state\": \"streaming\", \"api_url\":"
                                + " \"http://127.0.0.1:18001/patroni\", \"host\": \"127.0.0.1\","
                                + " \"port\": 15431, \"timeline\": 2, \"tags\": {\"clonefrom\":"
                                + " true}, \"receive_lag\": 0, \"receive_lsn\": \"0/405F838\","
                                + " \"replay_lag\": 0, \"replay_lsn\": \"0/405F838\", \"lag\": 0,"
                                + " \"lsn\": \"0/405F838\"}, {\"name\": \"pg2\", \"role\":"
                                + " \"leader\", \"state\": \"running\", \"api_url\":"
                                + " \"http://127.0.0.1:18002/patroni\", \"host\": \"127.0.0.1\","
                                + " \"port\": 15432, \"timeline\": 2}], \"pause\": true,"
                                + " \"scheduled_switchover\": {\"at\":"
                                + " \"2026-11-23T04:26:00+00:00\", \"from\": \"pg2\"}, \"scope\":"
                                + " \"demo\"}");
    }

    @Test
    void clusterWithASilentMemberAndALeaderWithoutARecord() {
        Situation situation = Situation.replica();
        situation.members.put("pg3", "{\"state\":\"stopped\",\"role\":\"replica\"}");
        assertThat(cluster(situation))
                .isEqualTo(
                        "{\"members\": [{\"name\": \"pg3\", \"role\": \"replica\", \"state\":"
                                + " \"stopped\", \"api_url\": null, \"receive_lsn\": \"unknown\","
                                + " \"receive_lag\": \"unknown\", \"replay_lsn\": \"unknown\","
                                + " \"replay_lag\": \"unknown\", \"lsn\": \"unknown\", \"lag\":"
                                + " \"unknown\"}], \"scope\": \"demo\"}");
    }

    private static String cluster(Situation situation) {
        return Json.spaced(ClusterDocument.of(situation.view(), situation.settings(), "demo"));
    }

    private static Map<String, Object> sender(String name) {
        Map<String, Object> sender = new LinkedHashMap<>();
        sender.put("usename", "replicator");
        sender.put("application_name", name);
        sender.put("client_addr", "127.0.0.1");
        sender.put("state", "streaming");
        sender.put("sync_state", "async");
        sender.put("sync_priority", 0);
        return sender;
    }
}
