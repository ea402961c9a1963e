package io.matriarch.endtoend;

import static io.matriarch.endtoend.Course.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.matriarch.lab.ClusterPicture;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.ToolRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The first half of the lab: an existing data directory becomes a cluster, and leaders change. */
@Tag("real")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LectureLabTest {
    private static final List<String> EVENTS =
            List.of("on_start", "on_stop", "on_restart", "on_role_change");

    @RegisterExtension
    static final Course COURSE =
            new Course(
                    LabPlan.three().customized(LectureLabTest::withCallbacks),
                    LectureLabTest::adopt);

    private static String systemIdentifier;

    /** Every event calls one script, which notes who called it with what. */
    private static String withCallbacks(String name, String yaml) {
        Matcher data = Pattern.compile("data_dir: (.*)/" + name).matcher(yaml);
        assertThat(data.find()).isTrue();
        StringBuilder section = new StringBuilder("postgresql:\n  callbacks:\n");
        for (String event : EVENTS) {
            section.append("    %s: /bin/sh %s/note.sh %s\n".formatted(event, data.group(1), name));
        }
        return yaml.replaceFirst("(?m)^postgresql:\n", section.toString());
    }

    /** Node 1 has a server's data before the first daemon starts; the others have nothing. */
    private static void adopt(Lab lab) throws Exception {
        lab.startStoreOnly();
        Path scripts = lab.directory();
        Files.writeString(
                scripts.resolve("note.sh"), "echo \"$@\" >>" + scripts.resolve("notes") + "\n");
        ExistingData.make(lab, "node1");
        systemIdentifier = ExistingData.systemIdentifier(lab, "node1");
        lab.startDaemon(lab.member("node1"));
        lab.await("node1 leading", Course.PATIENCE, p -> p.leader().isPresent());
        lab.startDaemon(lab.member("node2"));
        lab.startDaemon(lab.member("node3"));
    }

    @Test
    @Order(1)
    void anExistingDataDirectoryIsAdoptedAndCloned() throws Exception {
        assertThat(COURSE.leader()).isEqualTo("node1");
        for (String member : COURSE.names()) {
            assertThat(COURSE.ask(member, "select note from lesson")).isEqualTo("kept");
            assertThat(COURSE.ask(member, "show work_mem")).isEqualTo("6MB");
            assertThat(COURSE.status(member).path("database_system_identifier").asText())
                    .isEqualTo(systemIdentifier);
        }
        COURSE.writers().awaitRow("node1");
    }

    @Test
    @Order(2)
    void listShowsOneLeaderAndItsReplicas() throws Exception {
        JsonNode rows = COURSE.list();
        assertThat(rows).hasSize(3);
        for (JsonNode row : rows) {
            boolean leads = row.path("Member").asText().equals("node1");
            assertThat(row.path("Cluster").asText()).isEqualTo(CLUSTER);
            assertThat(row.path("Role").asText()).isEqualTo(leads ? "Leader" : "Replica");
            assertThat(row.path("State").asText()).isEqualTo(leads ? "running" : "streaming");
            assertThat(row.path("TL").asInt()).isEqualTo(COURSE.timeline());
            assertThat(row.has("Receive Lag")).isEqualTo(!leads);
        }
        ToolRun pretty = COURSE.tool("", "list");
        assertThat(pretty.code()).isZero();
        assertThat(pretty.output())
                .contains("+ Cluster: " + CLUSTER + " (" + systemIdentifier + ") ")
                .containsPattern(
                        "\\| node1 +\\| 127\\.0\\.0\\.1:\\d+ +\\| Leader +\\| running +\\|")
                .containsPattern(
                        "\\| node2 +\\| 127\\.0\\.0\\.1:\\d+ +\\| Replica +\\| streaming +\\|");
    }

    @Test
    @Order(3)
    void restTellsEachRole() throws Exception {
        for (String member : COURSE.names()) {
            boolean leads = member.equals("node1");
            int primary = leads ? 200 : 503;
            assertThat(COURSE.get(member, "/patroni").code()).isEqualTo(200);
            assertThat(COURSE.get(member, "/master").code()).isEqualTo(primary);
            assertThat(COURSE.get(member, "/primary").code()).isEqualTo(primary);
            assertThat(COURSE.get(member, "/replica").code()).isEqualTo(leads ? 503 : 200);
            JsonNode status = COURSE.status(member);
            assertThat(status.path("state").asText()).isEqualTo("running");
            assertThat(status.path("role").asText()).isEqualTo(leads ? "primary" : "replica");
            assertThat(status.path("timeline").asInt()).isEqualTo(COURSE.timeline());
            assertThat(status.path("patroni").path("scope").asText()).isEqualTo(CLUSTER);
            assertThat(status.path("patroni").path("name").asText()).isEqualTo(member);
        }
    }

    @Test
    @Order(4)
    void aMemberTaggedNoloadbalanceIsNoReplicaForBalancers() throws Exception {
        COURSE.edit("node3", y -> y.replace("noloadbalance: false", "noloadbalance: true"));
        COURSE.await50("503", () -> COURSE.get("node3", "/replica").code() == 503);
        assertThat(COURSE.get("node2", "/replica").code()).isEqualTo(200);
        COURSE.edit("node3", y -> y.replace("noloadbalance: true", "noloadbalance: false"));
        COURSE.await50("200", () -> COURSE.get("node3", "/replica").code() == 200);
    }

    @Test
    @Order(5)
    void replicasAreInRecovery() throws Exception {
        for (String member : COURSE.names()) {
            assertThat(COURSE.ask(member, "select pg_is_in_recovery()"))
                    .isEqualTo(member.equals("node1") ? "f" : "t");
        }
    }

    @Test
    @Order(6)
    void restSwitchesOver() throws Exception {
        int before = COURSE.timeline();
        Course.Answer answer =
                COURSE.post(
                        "node1",
                        "/switchover",
                        "{\"leader\": \"node1\", \"candidate\": \"node2\"}");
        assertThat(answer.body()).isEqualTo("Successfully switched over to \"node2\"");
        assertThat(answer.code()).isEqualTo(200);
        COURSE.awaitLeader("node2");
        assertThat(COURSE.timeline()).isEqualTo(before + 1);
        awaitNote("node2 on_role_change primary " + CLUSTER, 1);
        awaitNote("node1 on_role_change replica " + CLUSTER, 1);
    }

    @Test
    @Order(7)
    void theToolAsksAndSwitchesOver() throws Exception {
        String leader = COURSE.leader();
        List<String> replicas = COURSE.replicas();
        String candidate = replicas.get(1);
        ToolRun run = COURSE.tool("\n" + candidate + "\n\ny\n", "switchover", CLUSTER);
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output())
                .containsSubsequence(
                        "Current cluster topology",
                        "Primary [" + leader + "]: ",
                        "Candidate ['" + replicas.get(0) + "', '" + candidate + "'] []: ",
                        "When should the switchover take place (e.g. ",
                        " )  [now]: ",
                        "Are you sure you want to switchover cluster "
                                + CLUSTER
                                + ", demoting current leader "
                                + leader
                                + "? [y/N]: ",
                        "Successfully switched over to \"" + candidate + "\"");
        COURSE.awaitLeader(candidate);
    }

    @Test
    @Order(8)
    void aSwitchoverWaitsForItsTime() throws Exception {
        String leader = COURSE.leader();
        String candidate = COURSE.replicas().get(0);
        // Time enough for three runs of the tool on a busy machine.
        Instant at = Instant.now().plusSeconds(15).truncatedTo(ChronoUnit.SECONDS);
        ToolRun run =
                COURSE.tool(
                        "",
                        "switchover",
                        CLUSTER,
                        "--leader",
                        leader,
                        "--candidate",
                        candidate,
                        "--scheduled",
                        at.toString(),
                        "--force");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output()).contains("Switchover scheduled");
        assertThat(COURSE.tool("", "list", CLUSTER).output())
                .contains(" Switchover scheduled at: ")
                .contains("from: " + leader)
                .contains("to: " + candidate);
        JsonNode scheduled = COURSE.cluster().path("scheduled_switchover");
        assertThat(OffsetDateTime.parse(scheduled.path("at").asText()).toInstant()).isEqualTo(at);
        assertThat(scheduled.path("from").asText()).isEqualTo(leader);
        assertThat(scheduled.path("to").asText()).isEqualTo(candidate);
        COURSE.awaitPicture(
                "the switchover", p -> p.leader().filter(candidate::equals).isPresent());
        assertThat(Instant.now()).isAfterOrEqualTo(at);
        COURSE.awaitLeader(candidate);
    }

    @Test
    @Order(9)
    void theLeadersServiceStopsAndComesBack() throws Exception {
        String stopped = COURSE.leader();
        String newTimeline = Integer.toString(COURSE.timeline() + 1);
        long stops = notes(stopped + " on_stop primary " + CLUSTER);
        COURSE.stopService(stopped);
        COURSE.awaitPicture(
                "another leader and its replica",
                p ->
                        p.leader().filter(name -> !name.equals(stopped)).isPresent()
                                && p.rows().stream().anyMatch(ClusterPicture.Row::follows)
                                && p.rows().stream()
                                        .filter(ClusterPicture.Row::leads)
                                        .anyMatch(row -> newTimeline.equals(row.timeline())));
        String leader = COURSE.leader();
        COURSE.writers().awaitRow(leader);
        assertThat(COURSE.row(stopped).state()).isEqualTo("stopped");
        assertThat(notes(stopped + " on_stop primary " + CLUSTER)).isEqualTo(stops + 1);
        COURSE.writers().assertNeverTwo();

        COURSE.lab().startDaemon(COURSE.lab().member(stopped));
        COURSE.awaitLeader(leader);
        assertThat(COURSE.row(stopped).role()).isEqualTo("replica");
        assertThat(COURSE.row(stopped).timeline()).isEqualTo(newTimeline);
    }

    /** All replicas have received all that the primary wrote before it stopped. */
    @Test
    @Order(10)
    void amongEqualReplicasThePriorityDecides() throws Exception {
        for (int round = 0; round < 2; round++) {
            String stopped = COURSE.leader();
            String favourite = COURSE.replicas().get(round);
            COURSE.edit(favourite, y -> y.replace("tags: {", "tags: {failover_priority: 2, "));
            COURSE.await50(
                    "the priority",
                    () -> COURSE.status(favourite).path("tags").has("failover_priority"));
            COURSE.stopService(stopped);
            COURSE.awaitPicture(
                    "another leader",
                    p -> p.leader().filter(name -> !name.equals(stopped)).isPresent());
            assertThat(COURSE.leader()).isEqualTo(favourite);
            COURSE.writers().awaitRow(favourite);
            COURSE.edit(favourite, y -> y.replace("failover_priority: 2, ", ""));
            COURSE.lab().startDaemon(COURSE.lab().member(stopped));
            COURSE.awaitLeader(favourite);
            COURSE.writers().assertNeverTwo();
        }
    }

    @Test
    @Order(11)
    void eachRestartAndStartCallsItsScript() throws Exception {
        String replica = COURSE.replicas().get(0);
        long restarts = notes(replica + " on_restart replica " + CLUSTER);
        ToolRun run = COURSE.tool("", "restart", CLUSTER, replica, "--force");
        assertThat(run.code()).as(run.output()).isZero();
        awaitNote(replica + " on_restart replica " + CLUSTER, restarts + 1);
        assertThat(notes("node2 on_start replica " + CLUSTER)).isPositive();
        assertThat(notes("node3 on_start replica " + CLUSTER)).isPositive();
    }

    private static void awaitNote(String line, long times) {
        COURSE.await50("the callback: " + line, () -> notes(line) >= times);
    }

    private static long notes(String line) throws Exception {
        Path notes = COURSE.lab().directory().resolve("notes");
        return Files.readAllLines(notes).stream().filter(line::equals).count();
    }
}
