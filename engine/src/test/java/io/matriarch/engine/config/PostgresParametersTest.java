package io.matriarch.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.model.Role;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresParametersTest {
    private static PostgresConfig config(Map<String, Object> dynamic) {
        return PostgresSettings.merge(
                        Map.of(
                                "listen",
                                "10.0.0.1,::1:5433",
                                "data_dir",
                                "/data",
                                "parameters_replica",
                                Map.of("work_mem", "9MB")),
                        new Places(Map.of(), "test"),
                        Map.of("postgresql", Map.of("parameters", dynamic)))
                .config();
    }

    private static Map<String, String> forVersion(Map<String, Object> dynamic, int major) {
        return PostgresParameters.forVersion(config(dynamic), major, "demo", Role.PRIMARY);
    }

    @Test
    void theDefaultsOfVersion15AreThePeers() {
        assertThat(forVersion(Map.of(), 15).toString())
                .isEqualTo(
                        "{cluster_name=demo, hot_standby=on, listen_addresses=10.0.0.1,::1,"
                                + " max_connections=100, max_locks_per_transaction=64,"
                                + " max_prepared_transactions=0, max_replication_slots=10,"
                                + " max_wal_senders=10, max_worker_processes=8, port=5433,"
                                + " track_commit_timestamp=off, wal_keep_size=128MB,"
                                + " wal_level=replica, wal_log_hints=on}");
    }

    @Test
    void theCommandLineHasThePeersOrder() {
        assertThat(PostgresParameters.commandLine(forVersion(Map.of("work_mem", "1MB"), 15)))
                .containsExactly(
                        "--listen_addresses=10.0.0.1,::1",
                        "--port=5433",
                        "--cluster_name=demo",
                        "--wal_level=replica",
                        "--hot_standby=on",
                        "--max_connections=100",
                        "--max_wal_senders=10",
                        "--max_prepared_transactions=0",
                        "--max_locks_per_transaction=64",
                        "--track_commit_timestamp=off",
                        "--max_replication_slots=10",
                        "--max_worker_processes=8",
                        "--wal_log_hints=on");
        assertThat(PostgresParameters.commandLine(Map.of("port", "1"))).containsExactly("--port=1");
    }

    @ParameterizedTest(name = "{0}={1} on {2}")
    @CsvSource({
        "wal_keep_segments,20,15,wal_keep_size,320MB",
        "wal_keep_segments,20,12,wal_keep_segments,20",
        "wal_keep_size,160MB,12,wal_keep_segments,10",
        "wal_keep_size,1GB,13,wal_keep_size,1GB",
        "wal_keep_size,100,12,wal_keep_segments,6",
        "work_mem,1MB,12,wal_keep_segments,8"
    })
    void walIsKeptInTheWayOfTheVersion(
            String set, String value, int major, String name, String expected) {
        assertThat(forVersion(Map.of(set, value), major)).containsEntry(name, expected);
    }

    @ParameterizedTest
    @CsvSource({
        "stats_temp_directory,14,true",
        "stats_temp_directory,15,false",
        "recovery_prefetch,14,false",
        "recovery_prefetch,15,true",
        "logical_replication_mode,16,true",
        "logical_replication_mode,17,false",
        "IO_method,17,false",
        "work_mem,12,true",
        "pg_stat_statements.max,12,true"
    })
    void namesThatAVersionDoesNotKnowAreLeftOut(String name, int major, boolean known) {
        PostgresConfig config = config(Map.of(name, "x"));
        assertThat(
                        PostgresParameters.forVersion(config, major, "demo", Role.PRIMARY)
                                .containsKey(name))
                .isEqualTo(known);
        assertThat(PostgresParameters.unknownToVersion(config, major, Role.PRIMARY))
                .isEqualTo(
                        known
                                ? List.of()
                                : List.of(
                                        "Removing unexpected parameter="
                                                + name
                                                + " value=x from the config"));
    }

    @ParameterizedTest
    @CsvSource({"PRIMARY,1MB", "PROMOTED,1MB", "REPLICA,9MB", "DEMOTED,9MB", "STANDBY_LEADER,1MB"})
    void aRolesParametersWin(Role role, String workMem) {
        PostgresConfig config = config(Map.of("work_mem", "1MB"));
        assertThat(PostgresParameters.forVersion(config, 15, "demo", role))
                .containsEntry("work_mem", workMem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    on      | on     | bool    | ''  | true
                    True    | on     | bool    | ''  | true
                    t       | on     | bool    | ''  | true
                    off     | on     | bool    | ''  | false
                    o       | on     | bool    | ''  | false
                    maybe   | on     | bool    | ''  | false
                    128MB   | 16384  | integer | 8kB | true
                    16384   | 16384  | integer | 8kB | true
                    1GB     | 16384  | integer | 8kB | false
                    5min    | 300    | integer | s   | true
                    x       | 300    | integer | s   | false
                    0.5     | 0.5    | real    | ''  | true
                    0.50    | 0.5    | real    | ''  | true
                    20ms    | 20     | real    | ms  | true
                    Replica | replica | enum   | ''  | true
                    a       | b      | enum    | ''  | false
                    A       | a      | string  | ''  | false
                    a b     | a b    | string  | ''  | true
                    """)
    void valuesAreComparedByTheirType(
            String configured, String setting, String vartype, String unit, boolean same) {
        assertThat(PostgresParameters.same(configured, setting, vartype, unit)).isEqualTo(same);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    16384  | integer | 8kB | 128MB
                    128MB  | integer | 8kB | 128MB
                    100    | integer | ''  | 100
                    0      | integer | kB  | 0
                    x      | integer | kB  | x
                    300    | integer | s   | 5min
                    0.5    | real    | ''  | 0.5
                    on     | bool    | ''  | on
                    """)
    void valuesAreShownAsPeopleWriteThem(String value, String vartype, String unit, String text) {
        assertThat(PostgresParameters.display(value, vartype, unit)).isEqualTo(text);
    }

    @Test
    void recoverysNamesAreKnownInEveryVersionsSpelling() {
        assertThat(List.of("restore_command", "Primary_Conninfo", "trigger_file", "standby_mode"))
                .allMatch(PostgresParameters::isRecovery);
        assertThat(PostgresParameters.isRecovery("hot_standby")).isFalse();
    }
}
