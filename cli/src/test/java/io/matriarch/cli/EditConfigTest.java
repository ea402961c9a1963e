package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the dynamic configuration, pause and resume. */
class EditConfigTest {
    private static final String CONFIG =
            "{\"loop_wait\":10,\"postgresql\":{\"parameters\":{\"max_connections\":100},"
                    + "\"use_pg_rewind\":true},\"retry_timeout\":10,\"ttl\":30}";

    @TempDir private Path folder;
    private CtlRun ctl;

    @BeforeEach
    void open() throws IOException {
        ctl = new CtlRun().threeMembers().key("config", CONFIG);
    }

    @AfterEach
    void close() {
        ctl.close();
    }

    @Test
    void showsSortedYaml() {
        assertThat(ctl.run("", "show-config").out())
                .isEqualTo(
                        """
                        loop_wait: 10
                        postgresql:
                          parameters:
                            max_connections: 100
                          use_pg_rewind: true
                        retry_timeout: 10
                        ttl: 30

                        """);
    }

    @Test
    void showsTheDiffAndAsks() {
        CtlRun.Result result =
                ctl.run("y\n", "edit-config", "demo", "-s", "ttl=40", "-p", "work_mem=8MB");
        assertThat(result.out())
                .isEqualTo(
                        """
                        ---\s
                        +++\s
                        @@ -2,6 +2,7 @@
                         postgresql:
                           parameters:
                             max_connections: 100
                        +    work_mem: 8MB
                           use_pg_rewind: true
                         retry_timeout: 10
                        -ttl: 30
                        +ttl: 40
                        Apply these changes? [y/N]: Configuration changed
                        """);
        assertThat(ctl.stored("config").orElseThrow())
                .contains("\"work_mem\":\"8MB\"", "\"ttl\":40", "\"max_connections\":100");
    }

    @Test
    void aValueThatMembersWillNotTakeAsItIsGivesAWarning() {
        CtlRun.Result result = ctl.run("", "edit-config", "--force", "-s", "ttl=5");
        assertThat(result.out()).endsWith("Configuration changed\n");
        assertThat(result.err()).startsWith("2026-11-23 12:00:00,123 - WARNING - ").contains("ttl");
        assertThat(ctl.run("", "edit-config", "--force", "-s", "note=1").err()).isEmpty();
    }

    @Test
    void noWritesNothing() {
        CtlRun.Result result = ctl.run("\n", "edit-config", "-s", "ttl=40");
        assertThat(result.out()).endsWith("Apply these changes? [y/N]: ");
        assertThat(result.code()).isZero();
        assertThat(ctl.stored("config")).hasValue(CONFIG);
    }

    @Test
    void quietAndForceAsScriptsUseIt() {
        assertThat(ctl.run("", "edit-config", "-q", "--force", "-s", "ttl=40").out())
                .isEqualTo("Configuration changed\n");
        assertThat(ctl.run("", "edit-config", "-q", "--force", "-s", "ttl=40").out()).isEmpty();
        assertThat(ctl.run("", "edit-config", "--force", "-s", "ttl=40").out())
                .isEqualTo("Not changed\n");
    }

    @Test
    void nullRemovesAndEmptyParentsGo() {
        ctl.run(
                "",
                "edit-config",
                "--force",
                "-p",
                "max_connections=null",
                "-s",
                "postgresql.use_pg_rewind=null");
        assertThat(ctl.stored("config"))
                .hasValue("{\"loop_wait\":10,\"retry_timeout\":10,\"ttl\":30}");
    }

    @Test
    void theNameOfAParameterMayHoldDots() {
        ctl.run("", "edit-config", "--force", "-p", "pg_stat_statements.max=500");
        ctl.run("", "edit-config", "--force", "-s", "postgresql.parameters.auto_explain.x=on");
        assertThat(ctl.stored("config").orElseThrow())
                .contains("\"pg_stat_statements.max\":500", "\"auto_explain.x\":true");
    }

    @Test
    void aPairWithoutAValueIsAnError() {
        CtlRun.Result result = ctl.run("", "edit-config", "-s", "ttl");
        assertThat(result.err()).isEqualTo("Error: Invalid parameter setting ttl\n");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void aDateStaysText() {
        ctl.run("", "edit-config", "--force", "-s", "tag=2026-11-23");
        assertThat(ctl.stored("config").orElseThrow()).contains("\"tag\":\"2026-11-23\"");
    }

    @Test
    void aFileIsMergedInOrTakenInstead() throws IOException {
        Path file = folder.resolve("patch.yaml");
        Files.writeString(file, "ttl: null\npostgresql:\n  parameters:\n    wal_keep_size: 64MB\n");
        ctl.run("", "edit-config", "--force", "--apply", file.toString());
        assertThat(ctl.stored("config").orElseThrow())
                .contains("\"wal_keep_size\":\"64MB\"", "\"max_connections\":100")
                .doesNotContain("ttl");
        Files.writeString(file, "ttl: 25\n");
        ctl.run("", "edit-config", "--force", "--replace", file.toString());
        assertThat(ctl.stored("config")).hasValue("{\"ttl\":25}");
    }

    @Test
    void standardInputNeedsForce() {
        CtlRun.Result asked = ctl.run("ttl: 25\n", "edit-config", "--apply", "-");
        assertThat(asked.out()).endsWith("+ttl: 25\nUse --force option to apply changes\n");
        assertThat(asked.code()).isZero();
        assertThat(ctl.stored("config")).hasValue(CONFIG);
        assertThat(ctl.run("ttl: 25\n", "edit-config", "--force", "--apply", "-").code()).isZero();
        assertThat(ctl.stored("config").orElseThrow()).contains("\"ttl\":25");
    }

    @Test
    void unusableInputIsOneSentence() throws IOException {
        assertThat(ctl.run("a: [", "edit-config", "--apply", "-").err())
                .startsWith("Error: The standard input is no usable YAML: ")
                .hasLineCount(1);
        assertThat(ctl.run("- a\n", "edit-config", "--apply", "-").err())
                .isEqualTo("Error: The standard input must be a YAML mapping\n");
        assertThat(ctl.run("", "edit-config", "--apply", folder.resolve("none").toString()).err())
                .startsWith("Error: The file ")
                .hasLineCount(1);
        ctl.store.delete(CtlRun.scope("demo"), "config");
        assertThat(ctl.run("", "edit-config", "-s", "ttl=40").err())
                .isEqualTo("Error: The config key does not exist in the cluster demo\n");
        assertThat(ctl.run("", "show-config").out()).isEmpty();
    }

    @Test
    void theEditorsTextIsTaken() throws IOException {
        Path editor = folder.resolve("editor.sh");
        Files.writeString(editor, "#!/bin/sh\necho 'ttl: 40' > \"$1\"\n");
        Files.setPosixFilePermissions(editor, PosixFilePermissions.fromString("rwx------"));
        ctl.environment.put("EDITOR", editor.toString());
        assertThat(ctl.run("y\n", "edit-config").out()).endsWith("Configuration changed\n");
        assertThat(ctl.stored("config")).hasValue("{\"ttl\":40}");
        Files.writeString(editor, "#!/bin/sh\nexit 1\n");
        assertThat(ctl.run("y\n", "edit-config").err())
                .isEqualTo("Error: Editor exited with return code 1\n");
    }

    @Test
    void withoutAnEditorTheErrorNamesTheVariable() {
        ctl.environment.put("PATH", folder.toString());
        assertThat(ctl.run("", "edit-config").err()).contains("EDITOR").hasLineCount(1);
    }

    @Test
    void pauseAsksTheLeaderFirst() {
        ctl.answers("PATCH /config", 200, "{}");
        CtlRun.Result result = ctl.run("", "pause");
        assertThat(result.out()).isEqualTo("Success: cluster management is paused\n");
        assertThat(ctl.requests).containsExactly("PATCH /config {\"pause\": true}");
        assertThat(ctl.run("", "resume").err()).isEqualTo("Error: Cluster is not paused\n");
    }

    @Test
    void pauseWaitsForAllMembers() {
        ctl.answers("PATCH /config", 200, "{}");
        ctl.naps.add(() -> {});
        ctl.naps.add(
                () -> {
                    for (String name : new String[] {"pg1", "pg2", "pg3"}) {
                        ctl.member(name, 5432, "\"state\":\"running\",\"pause\":true");
                    }
                });
        assertThat(ctl.run("", "pause", "--wait").out())
                .isEqualTo(
                        "'pause' request sent, waiting until it is recognized by all nodes\n"
                                + "Success: cluster management is paused\n");
    }

    @Test
    void membersThatDoNotFollowAreNamed() {
        ctl.calledAs("matriarchctl").answers("PATCH /config", 200, "{}");
        for (int look = 0; look < 11; look++) {
            ctl.naps.add(() -> {});
        }
        CtlRun.Result result = ctl.run("", "pause", "--wait");
        assertThat(result.out())
                .endsWith("pg1, pg2, pg3 members didn't recognized pause state after 10 seconds\n");
        assertThat(result.code()).isEqualTo(4);
    }

    @Test
    void resumeClearsThePause() {
        ctl.key("config", "{\"pause\":true}").answers("PATCH /config", 200, "{}");
        assertThat(ctl.run("", "pause").err()).isEqualTo("Error: Cluster is already paused\n");
        assertThat(ctl.run("", "resume").out())
                .isEqualTo("Success: cluster management is resumed\n");
        assertThat(ctl.requests).containsExactly("PATCH /config {\"pause\": null}");
    }

    @Test
    void aRefusedPauseIsToldAndNobodyReachableIsAnError() {
        ctl.answers("PATCH /config", 401, "no auth header received");
        CtlRun.Result refused = ctl.run("", "--strict-exit", "pause");
        assertThat(refused.out())
                .isEqualTo(
                        "Failed: pause cluster management status code=401, (no auth header"
                                + " received)\n");
        assertThat(refused.code()).isEqualTo(3);
        ctl.stopApi();
        CtlRun.Result nobody = ctl.run("", "pause");
        assertThat(nobody.err()).endsWith("Error: Can not find accessible cluster member\n");
        assertThat(nobody.code()).isEqualTo(1);
    }

    @Test
    void historyIsAPlainBox() {
        ctl.key(
                "history",
                "[[1,67393352,\"no recovery target specified\","
                        + "\"2026-11-23T02:26:52.655435+00:00\",\"pg2\"]]");
        assertThat(ctl.run("", "history").out())
                .isEqualTo(
                        """
                        +----+----------+------------------------------+----------------------------------+------------+
                        | TL |      LSN | Reason                       | Timestamp                        | New Leader |
                        +----+----------+------------------------------+----------------------------------+------------+
                        |  1 | 67393352 | no recovery target specified | 2026-11-23T02:26:52.655435+00:00 | pg2        |
                        +----+----------+------------------------------+----------------------------------+------------+
                        """);
        ctl.key("history", "[[1,67393352,\"no recovery target specified\"]]");
        assertThat(ctl.run("", "history", "-f", "json").out())
                .isEqualTo(
                        "[{\"TL\": 1, \"LSN\": 67393352, \"Reason\": \"no recovery target"
                                + " specified\", \"Timestamp\": \"\", \"New Leader\": \"\"}]\n");
    }
}
