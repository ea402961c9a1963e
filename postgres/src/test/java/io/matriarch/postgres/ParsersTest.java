package io.matriarch.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.port.ControlData;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's files and tools say, and what is written for them. */
class ParsersTest {
    @Test
    void postmasterFileNamesProcessAndStatus() {
        assertThat(
                        PostmasterFile.parse(
                                List.of(
                                        "4711",
                                        "/data",
                                        "1700000000",
                                        "5432",
                                        "/tmp",
                                        "*",
                                        "1 2",
                                        "ready   ")))
                .contains(new PostmasterFile(4711, false, 1700000000, "ready"));
        assertThat(PostmasterFile.parse(List.of("-17", "/data")))
                .contains(new PostmasterFile(17, true, 0, ""));
        assertThat(PostmasterFile.parse(List.of("garbage"))).isEmpty();
        assertThat(PostmasterFile.parse(List.of())).isEmpty();
    }

    @Test
    void aZombieIsDeadWhateverItsNameHolds() {
        String fields = " 1 1 1 0 -1 4 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0";
        assertThat(ProcFs.Stat.parse("17 (a) Z (b) S" + fields))
                .contains(new ProcFs.Stat('S', 1, 12345));
        assertThat(ProcFs.Stat.parse("17 (postgres) Z" + fields).orElseThrow().dead()).isTrue();
        assertThat(ProcFs.Stat.parse("nonsense")).isEmpty();
    }

    @Test
    void onlyTheFirstRecordOfASegmentMayFollowASwitch() {
        assertThat(ShutdownCheckpoint.mayFollowSwitch(Lsn.parse("0/4000028"))).isTrue();
        assertThat(ShutdownCheckpoint.mayFollowSwitch(Lsn.parse("A/FFF00028"))).isTrue();
        assertThat(ShutdownCheckpoint.mayFollowSwitch(Lsn.parse("0/40513B8"))).isFalse();
        assertThat(ShutdownCheckpoint.mayFollowSwitch(Lsn.parse("0/4002028"))).isFalse();
    }

    @Test
    void controlDataIsReadOrUnknown() {
        Map<String, String> values =
                ControlFile.parse(
                        "Database cluster state:               shut down\n"
                                + "Latest checkpoint location:           0/3000028\n"
                                + "Latest checkpoint's TimeLineID:       2\n"
                                + "oldestCommitTsXid:0\n"
                                + "wal_log_hints setting:                off\n"
                                + "Data page checksum version:           1\n");
        assertThat(values).containsEntry("oldestCommitTsXid", "0");
        assertThat(ControlFile.data(values))
                .contains(new ControlData("shut down", 2, Lsn.parse("0/3000028"), true));
        values.put("Data page checksum version", "0");
        assertThat(ControlFile.data(values).orElseThrow().rewindable()).isFalse();
        assertThat(ControlFile.data(Map.of())).isEmpty();
    }

    @Test
    void historyFileGivesTheTimelinesInOrder() {
        assertThat(
                        HistoryFile.parse(
                                "1\t0/5000000\tno recovery target specified\n\n"
                                        + "2\t0/6000090\tafter LSN 0/6\n"))
                .containsExactly(
                        new HistoryLine(
                                1,
                                Lsn.parse("0/5000000"),
                                "no recovery target specified",
                                Optional.empty(),
                                Optional.empty()),
                        new HistoryLine(
                                2,
                                Lsn.parse("0/6000090"),
                                "after LSN 0/6",
                                Optional.empty(),
                                Optional.empty()));
    }

    @Test
    void connectionStringsSurviveQuoting() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("user", "it's a \\user");
        keys.put("host", "10.0.0.1");
        keys.put("sslpassword", "");
        keys.put("channel_binding", "prefer");
        String text = ConnInfo.write(keys, 13);
        assertThat(text)
                .isEqualTo(
                        "user=it\\'s\\ a\\ \\\\user host=10.0.0.1 sslpassword='' channel_binding=prefer");
        assertThat(ConnInfo.read(text)).isEqualTo(keys);
        assertThat(ConnInfo.write(keys, 12)).doesNotContain("channel_binding", "sslpassword");
        assertThat(ConnInfo.read("host='a b' port = 5433"))
                .containsEntry("host", "a b")
                .containsEntry("port", "5433");
    }

    @Test
    void memberUrlsMayHaveUnderscoresBracketsAndUsers() {
        assertThat(ConnInfo.ofUrl("postgres://pg_1:5433/app", "postgres"))
                .isEqualTo(Map.of("host", "pg_1", "port", "5433", "dbname", "app"));
        assertThat(ConnInfo.ofUrl("postgresql://u:p@[::1]:5433/?x=y", "postgres"))
                .isEqualTo(Map.of("host", "::1", "port", "5433", "dbname", "postgres"));
        assertThatThrownBy(() -> ConnInfo.ofUrl("http://x", "postgres"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void passwordFileEscapesItsSeparators() {
        assertThat(
                        PasswordFile.lines(
                                Map.of(
                                        "host",
                                        "::1",
                                        "port",
                                        "5432",
                                        "user",
                                        "rep",
                                        "password",
                                        "a:b\\c")))
                .isEqualTo("\\:\\:1:5432:*:rep:a\\:b\\\\c\n");
        assertThat(PasswordFile.lines(Map.of("host", "/run/pg", "password", "x")))
                .isEqualTo("/run/pg:*:*:*:x\nlocalhost:*:*:*:x\n");
    }

    @Test
    void commandsAreSplitLikeAShellDoes() {
        assertThat(ShellWords.split("a 'b c' \"d\\\"e\" f\\ g ''"))
                .containsExactly("a", "b c", "d\"e", "f g", "");
        assertThatThrownBy(() -> ShellWords.split("a 'b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void slotNamesFollowTheOneRule() {
        assertThat(SlotName.of("Node-1.example")).isEqualTo("node_1_example");
        assertThat(SlotName.of("a b")).isEqualTo("au0032b");
        assertThat(SlotName.of("x".repeat(80))).hasSize(63);
    }

    @Test
    void walDumpShowsTheShutdownCheckpointAndTheSwitchBeforeIt() {
        ShutdownCheckpoint.Record record =
                ShutdownCheckpoint.Record.parse(
                                "rmgr: XLOG        len (rec/tot):    114/   114, tx:          0, lsn:"
                                        + " 0/03000028, prev 0/02000110, desc: CHECKPOINT_SHUTDOWN"
                                        + " redo 0/3000028; tli 1; shutdown")
                        .orElseThrow();
        assertThat(record.isShutdownCheckpoint()).isTrue();
        assertThat(record.lsn()).isEqualTo(Lsn.parse("0/3000028"));
        assertThat(record.previous()).isEqualTo(Lsn.parse("0/2000110"));
        assertThat(
                        ShutdownCheckpoint.end(
                                "rmgr: XLOG x, lsn: 0/03000028, prev 0/02000110, desc: y\n"
                                        + "pg_waldump: error: error in WAL record at 0/3000028:"
                                        + " invalid record length at 0/30000A0: wanted 24, got 0",
                                Lsn.parse("0/3000028")))
                .contains(Lsn.parse("0/30000A0"));
        assertThat(ShutdownCheckpoint.end("rmgr: a\nrmgr: b\n", Lsn.parse("0/3000028"))).isEmpty();
    }

    @Test
    void archiveCommandsAreFilled() {
        assertThat(ReadyWal.fill("cp %p /a/%f %% %r", "/w/0001", "0001"))
                .isEqualTo("cp /w/0001 /a/0001 % 000000010000000000000001");
    }

    @Test
    void configurationIsQuoted() {
        assertThat(ConfigFiles.line("x", "it's \\ it")).isEqualTo("x = 'it''s \\\\ it'\n");
        assertThat(ConfigFiles.list(List.of("local all all trust", "host all all all reject")))
                .startsWith("# ")
                .endsWith("\nlocal all all trust\nhost all all all reject\n");
        assertThat(Sql.literal("it's")).isEqualTo("'it''s'");
        assertThat(Sql.literal("a\\'b")).isEqualTo(" E'a\\\\''b'");
        assertThat(Sql.identifier("a\"b")).isEqualTo("\"a\"\"b\"");
    }

    @Test
    void singleUserModeGetsTheOptionsOfTheLastStart() {
        assertThat(
                        CrashRecoverer.options(
                                "/usr/bin/postgres \"-D\" \"/d\" \"--port=5432\""
                                        + " \"--max-connections=10\"\n"))
                .isEqualTo(
                        Map.of(
                                "port", "5432",
                                "max_connections", "10",
                                "archive_mode", "on",
                                "archive_command", "false"));
    }

    @Test
    void aStandbyNeedsWhatPgControlSays() {
        assertThat(
                        StandbyMinimums.larger(
                                Map.of("max_connections", "50", "max_wal_senders", "10"),
                                Map.of(
                                        "max_connections setting", "100",
                                        "max_wal_senders setting", "5",
                                        "max_worker_processes setting", "8")))
                .isEqualTo(Map.of("max_connections", "100"));
    }

    @Test
    void childrenSeeNoSecretsOfTheDaemon() {
        Map<String, String> environment =
                new HashMap<>(
                        Map.of(
                                "PATRONI_SUPERUSER_PASSWORD", "x",
                                "MATRIARCH_X", "x",
                                "NOTIFY_SOCKET", "x",
                                "PATH", "/bin",
                                "PG_MALLOC_ARENA_MAX", "1"));
        Commands.clean(environment);
        assertThat(environment).isEqualTo(Map.of("PATH", "/bin", "MALLOC_ARENA_MAX", "1"));
    }
}
