package io.matriarch.endtoend;

import static io.matriarch.endtoend.Course.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.matriarch.lab.Lab;
import io.matriarch.lab.LabPlan;
import io.matriarch.lab.ToolRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The second half of the lab: configuration, restarts, a new copy. */
@Tag("real")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlannedWorkTest {
    @RegisterExtension
    static final Course COURSE =
            new Course(
                    LabPlan.three()
                            .customized(
                                    (name, yaml) ->
                                            yaml.replace(
                                                    "max_connections: 50", "max_connections: 100")),
                    Lab::start);

    @Test
    @Order(1)
    void aChangedLimitWaitsForRestarts() throws Exception {
        String leader = COURSE.leader();
        ToolRun run = COURSE.tool("y\n", "edit-config", CLUSTER, "--pg", "max_connections=101");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output())
                .contains("--- ", "+++ ", "-    max_connections: 100", "+    max_connections: 101")
                .contains("Apply these changes? [y/N]: ", "Configuration changed");
        COURSE.await50("pending restarts of all", () -> pending() == 3);
        for (JsonNode row : COURSE.list()) {
            assertThat(row.path("Pending restart").asText()).isEqualTo("*");
            assertThat(row.path("Pending restart reason").asText())
                    .isEqualTo("max_connections: 100->101");
        }
        for (String member : COURSE.names()) {
            assertThat(COURSE.ask(member, "show max_connections")).isEqualTo("100");
        }
        assertThat(COURSE.leader()).isEqualTo(leader);
        COURSE.writers().awaitRow(leader);
    }

    @Test
    @Order(2)
    void restartOfTheClusterTakesTheLimit() throws Exception {
        String leader = COURSE.leader();
        Map<String, String> before = startTimes();
        ToolRun run = COURSE.tool("\ny\n\n", "restart", CLUSTER);
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output())
                .containsSubsequence(
                        "When should the restart take place (e.g. ",
                        ")  [now]: ",
                        "Are you sure you want to restart members node1, node2, node3? [y/N]: ",
                        "Restart if the PostgreSQL version is less than provided (e.g. 9.5.2)  []: ",
                        "Success: restart on member node1",
                        "Success: restart on member node2",
                        "Success: restart on member node3");
        COURSE.await50("no pending restart", () -> pending() == 0);
        COURSE.awaitLeader(leader);
        for (String member : COURSE.names()) {
            assertThat(COURSE.ask(member, "show max_connections")).isEqualTo("101");
        }
        startTimes().forEach((name, time) -> assertThat(time).isNotEqualTo(before.get(name)));
    }

    @Test
    @Order(3)
    void restartsHaveConditions() throws Exception {
        String leader = COURSE.leader();
        Map<String, String> before = startTimes();
        ToolRun run = COURSE.tool("", "restart", CLUSTER, "--role", "replica", "--force");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output()).doesNotContain("restart on member " + leader);
        Map<String, String> after = startTimes();
        assertThat(after).containsEntry(leader, before.get(leader));
        for (String replica : COURSE.replicas()) {
            assertThat(after.get(replica)).isNotEqualTo(before.get(replica));
        }
        String replica = COURSE.replicas().get(0);
        ToolRun newer =
                COURSE.tool("", "restart", CLUSTER, replica, "--pg-version", "9.5.2", "--force");
        assertThat(newer.output())
                .contains(
                        "Failed: restart for member "
                                + replica
                                + ", status code=503, (restart conditions are not satisfied)");
        Course.Answer role = COURSE.post(replica, "/restart", "{\"role\": \"primary\"}");
        assertThat(role.code()).isEqualTo(503);
        assertThat(role.body()).isEqualTo("restart conditions are not satisfied");
        assertThat(startTimes()).isEqualTo(after);
    }

    /** The server's own file, then the cluster's word, then the member's, then ALTER SYSTEM. */
    @Test
    @Order(4)
    void theNearestWordOnAParameterHolds() throws Exception {
        String leader = COURSE.leader();
        String own = COURSE.replicas().get(0);
        String other = COURSE.replicas().get(1);
        Path base = COURSE.lab().directory().resolve(leader).resolve("postgresql.base.conf");
        Files.writeString(
                base,
                "\nwork_mem = '3MB'\nmaintenance_work_mem = '33MB'\n",
                StandardOpenOption.APPEND);
        ToolRun run = COURSE.tool("", "edit-config", CLUSTER, "--pg", "work_mem=5MB", "--force");
        assertThat(run.code()).as(run.output()).isZero();
        for (String member : COURSE.names()) {
            awaitSetting(member, "work_mem", "5MB");
        }
        awaitSetting(leader, "maintenance_work_mem", "33MB");
        COURSE.edit(own, yaml -> localParameter(yaml, "work_mem: 7MB"));
        awaitSetting(own, "work_mem", "7MB");
        assertThat(COURSE.ask(other, "show work_mem")).isEqualTo("5MB");
        COURSE.command(leader, "alter system set work_mem = '9MB'");
        COURSE.command(leader, "select pg_reload_conf()");
        awaitSetting(leader, "work_mem", "9MB");
    }

    @Test
    @Order(5)
    void whatAllServersMustShareCannotBeSetAtOne() throws Exception {
        String replica = COURSE.replicas().get(0);
        COURSE.edit(replica, yaml -> localParameter(yaml, "max_connections: 300"));
        ToolRun run = COURSE.tool("", "restart", CLUSTER, replica, "--force");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(COURSE.ask(replica, "show max_connections")).isEqualTo("101");
        assertThat(pending()).isZero();
    }

    @Test
    @Order(6)
    void reinitMakesANewCopy() throws Exception {
        String leader = COURSE.leader();
        String replica = COURSE.replicas().get(1);
        Path mark =
                Files.writeString(COURSE.lab().directory().resolve(replica).resolve("mark"), "");
        ToolRun run = COURSE.tool("y\n", "reinit", CLUSTER, replica, "--wait");
        assertThat(run.code()).as(run.output()).isZero();
        assertThat(run.output())
                .containsSubsequence(
                        "Are you sure you want to reinitialize members " + replica + "? [y/N]: ",
                        "Success: reinitialize for member " + replica,
                        "Waiting for reinitialize to complete on: " + replica,
                        "Reinitialize is completed on: " + replica);
        COURSE.awaitLeader(leader);
        assertThat(mark).doesNotExist();
        assertThat(COURSE.row(replica).follows()).isTrue();
        ToolRun refused = COURSE.tool("", "reinit", CLUSTER, leader, "--force");
        assertThat(refused.output()).contains("No replica among provided members");
    }

    private static void awaitSetting(String member, String name, String value) {
        COURSE.await50(
                name + " = " + value + " at " + member,
                () -> COURSE.ask(member, "show " + name).equals(value));
    }

    private static String localParameter(String yaml, String line) {
        return yaml.replace(
                "    unix_socket_directories: ''\n",
                "    unix_socket_directories: ''\n    " + line + "\n");
    }

    private static long pending() throws Exception {
        long count = 0;
        for (JsonNode member : COURSE.cluster().path("members")) {
            count += member.path("pending_restart").asBoolean() ? 1 : 0;
        }
        return count;
    }

    private static Map<String, String> startTimes() throws Exception {
        Map<String, String> times = new LinkedHashMap<>();
        List<String> names = COURSE.names();
        for (String name : names) {
            times.put(name, COURSE.ask(name, "select pg_postmaster_start_time()"));
        }
        return times;
    }
}
