package io.matriarch.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.engine.codec.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSettingsTest {
    @TempDir private Path directory;

    private LocalConfig local(String more) throws java.io.IOException {
        String text =
                """
                scope: demo
                name: a
                restapi: {listen: 'h:8008'}
                etcd3: {host: h}
                postgresql:
                  listen: 127.0.0.1:5432
                  data_dir: /data
                """;
        StringBuilder section = new StringBuilder(text);
        more.lines().forEach(line -> section.append("  ").append(line).append('\n'));
        Path file = Files.writeString(directory.resolve("a.yml"), section);
        return ConfigLoader.load(Optional.of(file), Map.of(), true).config();
    }

    private PostgresConfig effective(String own, String dynamic) throws java.io.IOException {
        return PostgresSettings.effective(
                local(own), Json.object("{\"postgresql\":" + dynamic + "}"));
    }

    @ParameterizedTest(name = "{0}: local {1}, dynamic {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    work_mem        | parameters: {work_mem: 1MB} | {"parameters":{"work_mem":"2MB"}}        | 1MB
                    work_mem        | parameters: {a.b: 1}        | {"parameters":{"work_mem":"2MB"}}        | 2MB
                    max_connections | parameters: {max_connections: 50} | {}                                 | 100
                    max_connections | parameters: {MAX_connections: 50} | {"parameters":{"max_connections":"200"}} | 200
                    max_connections | use_pg_rewind: on           | {"parameters":{"max_connections":10}}    | 100
                    max_connections | use_pg_rewind: on           | {"parameters":{"max_connections":"abc"}} | 100
                    wal_level       | use_pg_rewind: on           | {"parameters":{"wal_level":"Logical"}}   | logical
                    wal_level       | use_pg_rewind: on           | {"parameters":{"wal_level":"hot_standby"}} | replica
                    wal_level       | use_pg_rewind: on           | {"parameters":{"wal_level":"minimal"}}   | replica
                    hot_standby     | use_pg_rewind: on           | {"parameters":{"hot_standby":"off"}}     | on
                    wal_log_hints   | use_pg_rewind: on           | {"parameters":{"wal_log_hints":false}}   | off
                    wal_keep_size   | use_pg_rewind: on           | {"parameters":{"wal_keep_size":"1GB"}}   | 1GB
                    wal_keep_size   | use_pg_rewind: on           | {"parameters":{"wal_keep_size":"8MB"}}   |
                    port            | parameters: {port: 1}       | {"parameters":{"port":2}}                |
                    jit             | parameters: {jit: off}      | {}                                       | off
                    hba_file        | parameters: {hba_file: x/h.conf}   | {} | /data/x/h.conf
                    hba_file        | parameters: {hba_file: pg_hba.conf} | {} |
                    """)
    void parametersAreMergedKeyByKey(String name, String own, String dynamic, String value)
            throws java.io.IOException {
        PostgresConfig config = effective(own, dynamic);
        assertThat(config.parameters().get(name)).isEqualTo(value);
    }

    @Test
    void aValueThatIsNotAllowedIsToldInThePeersWords() throws java.io.IOException {
        Map<String, Object> document =
                Json.object(
                        "{\"postgresql\":{\"parameters\":{\"max_connections\":10,"
                                + "\"wal_keep_size\":\"1MB\"}}}");
        assertThat(PostgresSettings.merge(local("use_slots: off"), document).warnings())
                .containsExactly(
                        "postgresql parameter max_connections=10 failed validation, defaulting to"
                                + " 100",
                        "postgresql parameter wal_keep_size=1MB failed validation, defaulting to"
                                + " 128MB");
    }

    @Test
    void otherKeysAreReplacedAsAWhole() throws java.io.IOException {
        String dynamic =
                "{\"pg_hba\":[\"local all all peer\"],\"callbacks\":{\"on_start\":\"d\"},"
                        + "\"use_pg_rewind\":true,\"pg_ident\":[\"m a b\"],\"pg_ctl_timeout\":\"5\"}";
        PostgresConfig config =
                effective("pg_hba: [host all all all md5]\ncallbacks: {on_stop: l}\n", dynamic);
        assertThat(config.pgHba()).containsExactly("host all all all md5");
        assertThat(config.callbacks()).isEqualTo(Map.of("on_stop", "l"));
        assertThat(config.pgIdent()).containsExactly("m a b");
        assertThat(config.usePgRewind()).isTrue();
        assertThat(config.pgCtlTimeout()).hasSeconds(5);
    }

    @Test
    void useSlotsIsDynamicOnlyAndAddressesAreLocalOnly() throws java.io.IOException {
        PostgresConfig config =
                effective(
                        "use_slots: off",
                        "{\"listen\":\"x:1\",\"data_dir\":\"/x\",\"authentication\":"
                                + "{\"superuser\":{\"username\":\"x\"}}}");
        assertThat(config.useSlots()).isTrue();
        assertThat(config.dataDir()).isEqualTo("/data");
        assertThat(config.listen()).hasToString("127.0.0.1:5432");
        assertThat(config.superuser().username()).isEmpty();
        assertThat(effective("use_slots: on", "{\"use_slots\":\"off\"}").useSlots()).isFalse();
    }

    @Test
    void recoverySettingsAmongTheParametersReplaceRecoveryConf() throws java.io.IOException {
        PostgresConfig config =
                effective(
                        "recovery_conf: {restore_command: old, recovery_target: x}",
                        "{\"parameters\":{\"restore_command\":\"new\"}}");
        assertThat(config.recoveryConf()).isEqualTo(Map.of("restore_command", "new"));
        assertThat(config.parameters()).doesNotContainKey("restore_command");
    }

    @Test
    void controlledParametersOfARoleAreRefused() throws java.io.IOException {
        PostgresSettings.Effective effective =
                PostgresSettings.merge(
                        local("parameters_replica: {max_connections: 5, work_mem: 3MB}"), Map.of());
        assertThat(effective.config().roleParameters())
                .isEqualTo(Map.of("replica", Map.of("work_mem", "3MB")));
        assertThat(effective.warnings()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"parameters\":[]}",
                "{\"pg_hba\":\"x\"}",
                "[]",
                "{\"use_pg_rewind\":\"maybe\"}",
                "{\"callbacks\":5}"
            })
    void aWrongTypeRejectsTheDocument(String dynamic) {
        assertThatThrownBy(() -> effective("use_slots: on", dynamic))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("postgresql");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    [checkpoint: fast, verbose, max-rate: '100M'] | --checkpoint=fast --verbose --max-rate=100M | 0
                    {checkpoint: fast, label: '', verbose: true}  | --checkpoint=fast --verbose                 | 0
                    [{label: '''x y'''}]                          | --label=x y                                 | 0
                    [format: t, gzip, host=x, checkpoint: fast]   | --checkpoint=fast                           | 3
                    [--username=x, compress: 5]                   | ''                                          | 2
                    [compress: server-gzip]                       | --compress=server-gzip                      | 0
                    [{a: 1, b: 2}, {c: [1]}]                      | ''                                          | 2
                    {dbname: x, wal-method: none}                 | ''                                          | 2
                    """)
    void optionsBecomeWordsAndForbiddenOnesAreLeftOut(String options, String words, int warnings)
            throws java.io.IOException {
        LocalConfig local = local("basebackup: " + options);
        PostgresSettings.Effective effective = PostgresSettings.merge(local, Map.of());
        assertThat(String.join(" ", effective.config().basebackupOptions())).isEqualTo(words);
        assertThat(effective.warnings()).hasSize(warnings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    host all all 10.0.0.1 md5                  | host all all 10.0.0.1/32 md5
                    hostssl "a b",c all 10.0.0.1 md5           | hostssl "a b",c all 10.0.0.1/32 md5
                    host a, b  c  ::1   trust # x              | host a, b  c  ::1/128   trust # x
                    host all all 10.0.0.1 255.255.255.255 md5  | host all all 10.0.0.1 255.255.255.255 md5
                    host all all 10.0.0.0/8 md5                | host all all 10.0.0.0/8 md5
                    host all all samenet md5                   | host all all samenet md5
                    host all all abc md5                       | host all all abc md5
                    local all all peer                         | local all all peer
                    # host all all 10.0.0.1 md5                | # host all all 10.0.0.1 md5
                    host all all .example.com md5              | host all all .example.com md5
                    """)
    void anAddressWithoutAMaskMeansOneHost(String line, String normalised) {
        java.util.List<String> warnings = new java.util.ArrayList<>();
        assertThat(AccessRules.normalised(java.util.List.of(line), "p", warnings))
                .containsExactly(normalised);
        assertThat(warnings).hasSize(line.equals(normalised) ? 0 : 1);
    }

    @Test
    void aConfigurationThatWasNotReadFromFilesIsTakenAsItIs() throws java.io.IOException {
        LocalConfig read = local("use_slots: on");
        LocalConfig made =
                new LocalConfig(
                        read.name(),
                        read.scope(),
                        read.restapi(),
                        read.ctl(),
                        read.dcs(),
                        read.bootstrap(),
                        read.postgresql(),
                        read.tags(),
                        read.watchdogMode(),
                        read.log());
        assertThat(PostgresSettings.effective(made, Map.of()))
                .isSameAs(made.postgresql().orElseThrow());
    }
}
