package io.matriarch.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.spi.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
    private static final String SMALL =
            """
            scope: demo
            name: a
            restapi: {listen: '127.0.0.1:8008'}
            etcd3: {hosts: 'h:2379'}
            postgresql: {listen: '127.0.0.1:5432', data_dir: /data}
            """;

    @TempDir private Path directory;

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = ConfigLoaderTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private ConfigLoader.Loaded load(String text) throws IOException {
        return load(text, Map.of());
    }

    private ConfigLoader.Loaded load(String text, Map<String, String> environment)
            throws IOException {
        return ConfigLoader.load(Optional.of(file("a.yml", text)), environment, false);
    }

    private void refused(String text, String... parts) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(ConfigException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(parts));
    }

    @Test
    void aSmallFileGetsTheDefaults() throws IOException {
        ConfigLoader.Loaded loaded = load(SMALL);
        LocalConfig config = loaded.config();
        assertThat(loaded.warnings()).isEmpty();
        assertThat(config.name()).isEqualTo("a");
        assertThat(config.scope().path()).isEqualTo("/service/demo");
        assertThat(config.restapi().orElseThrow().apiUrl())
                .isEqualTo("http://127.0.0.1:8008/patroni");
        assertThat(config.dcs().name()).isEqualTo("etcd3");
        assertThat(config.dcs().list("hosts")).containsExactly("h:2379");
        assertThat(config.bootstrap()).isEmpty();
        assertThat(config.watchdogMode()).isEqualTo("automatic");
        assertThat(config.log().level()).isEqualTo("INFO");
        PostgresConfig postgres = config.postgresql().orElseThrow();
        assertThat(postgres.connUrl()).isEqualTo("postgres://localhost:5432/postgres");
        assertThat(postgres.configDir()).isEqualTo("/data");
        assertThat(postgres.useSlots()).isTrue();
        assertThat(postgres.createReplicaMethods()).containsExactly("basebackup");
        assertThat(postgres.parameters())
                .containsEntry("wal_level", "replica")
                .containsEntry("max_connections", "100");
    }

    @Test
    void theFileOfTheCourseIsAccepted() throws IOException {
        ConfigLoader.Loaded loaded = load(resource("lecture.yml"));
        LocalConfig config = loaded.config();
        assertThat(config.scope().path()).isEqualTo("/db/Name_Cluster");
        assertThat(config.dcs().name()).isEqualTo("etcd");
        assertThat(config.dcs().list("hosts")).hasSize(3).contains("hostname2:2379");
        BootstrapConfig bootstrap = config.bootstrap().orElseThrow();
        assertThat(bootstrap.initdb()).containsExactly("--encoding=UTF8");
        assertThat(bootstrap.pgHba())
                .containsExactly(
                        "host replication replicator 127.0.0.1/8 md5",
                        "host replication replicator 192.168.1.11/32 md5",
                        "host replication replicator 192.168.1.12/32 md5",
                        "host all all 0.0.0.0/0 md5");
        PostgresConfig postgres = config.postgresql().orElseThrow();
        assertThat(postgres.listen().hosts()).containsExactly("127.0.0.1", "192.168.1.11");
        assertThat(postgres.rewind().username()).contains("rewind_user");
        assertThat(postgres.parameters()).containsEntry("unix_socket_directories", "");
        assertThat(config.tags().values()).isEmpty();
        assertThat(loaded.warnings()).hasSize(2);
        assertThat(loaded.warnings().get(0)).contains("bootstrap.users");
        assertThat(loaded.warnings().get(1)).contains("without a mask");
    }

    @Test
    void theReferencesSampleIsAcceptedWithoutAWarning() throws IOException {
        ConfigLoader.Loaded loaded = load(resource("sample.yml"));
        assertThat(loaded.warnings()).isEmpty();
        PostgresConfig postgres = loaded.config().postgresql().orElseThrow();
        assertThat(postgres.methodSections().get("pgbackrest").keySet())
                .containsExactly("command", "keep_data", "no_params");
        assertThat(postgres.basebackupOptions())
                .containsExactly("--checkpoint=fast", "--max-rate=100M");
        assertThat(loaded.config().ctl().username()).contains("ha_admin");
        assertThat(loaded.config().bootstrap().orElseThrow().initdb())
                .containsExactly("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums");
        assertThat(loaded.config().toString()).doesNotContain("change-me");
    }

    @Test
    void filesOfADirectoryAreMergedByNameAndNullRemoves() throws IOException {
        file("10.yml", SMALL + "tags: {a: 1, b: 2}\nlog: {level: debug}\n");
        file("20.yaml", "name: b\ntags: {a: null, c: 3}\nlog:\n");
        file("30.txt", "name: c\n");
        Files.createDirectory(directory.resolve("40.yml"));
        LocalConfig config = ConfigLoader.load(Optional.of(directory), Map.of(), false).config();
        assertThat(config.name()).isEqualTo("b");
        assertThat(config.tags().values()).containsOnlyKeys("b", "c");
        assertThat(config.log().level()).isEqualTo("INFO");
    }

    @Test
    void theEnvironmentWinsOverTheFile() throws IOException {
        LocalConfig config =
                load(
                                SMALL,
                                Map.of(
                                        "PATRONI_NAME", "b",
                                        "MATRIARCH_SCOPE", "x",
                                        "PATRONI_SCOPE", "y",
                                        "PATRONI_ETCD3_HOSTS", "'p:1','q:2'",
                                        "PATRONI_RESTAPI_ALLOWLIST", "10.0.0.0/8,h",
                                        "PATRONI_SUPERUSER_PASSWORD", "123",
                                        "PATRONI_LOG_LEVEL", "",
                                        "PATRONI_LOGLEVEL", "ERROR",
                                        "MATRIARCH_CFG__tags__clonefrom", "yes"))
                        .config();
        assertThat(config.name()).isEqualTo("b");
        assertThat(config.scope().name()).isEqualTo("x");
        assertThat(config.dcs().list("hosts")).containsExactly("p:1", "q:2");
        assertThat(config.restapi().orElseThrow().allowlist()).containsExactly("10.0.0.0/8", "h");
        assertThat(config.postgresql().orElseThrow().superuser().password()).contains("123");
        assertThat(config.log().level()).isEqualTo("ERROR");
        assertThat(config.tags().clonefrom()).isTrue();
    }

    @Test
    void theEnvironmentAloneIsEnough() {
        LocalConfig config =
                ConfigLoader.load(
                                Optional.empty(),
                                Map.of(
                                        "PATRONI_NAME", "a",
                                        "PATRONI_SCOPE", "demo",
                                        "PATRONI_RESTAPI_LISTEN", ":8008",
                                        "PATRONI_CONSUL_HOST", "h:8500",
                                        "PATRONI_SERVICE_HOST", "10.0.0.1",
                                        "PATRONI_POSTGRESQL_LISTEN", "*:5433",
                                        "PATRONI_POSTGRESQL_DATA_DIR", "/d"),
                                true)
                        .config();
        assertThat(config.dcs().name()).isEqualTo("consul");
        assertThat(config.restapi().orElseThrow().listen().host()).isEqualTo("*");
        assertThat(config.postgresql().orElseThrow().connectAddress())
                .hasToString("localhost:5433");
    }

    @Test
    void theConfigurationVariableStandsAlone() {
        LocalConfig config =
                ConfigLoader.load(
                                Optional.of(directory.resolve("none.yml")),
                                Map.of("PATRONI_CONFIGURATION", SMALL, "PATRONI_NAME", "b"),
                                false)
                        .config();
        assertThat(config.name()).isEqualTo("a");
    }

    @ParameterizedTest(name = "without {0}")
    @CsvSource({
        "scope,scope is missing",
        "name,name is missing",
        "restapi,section restapi is missing",
        "postgresql,section postgresql is missing",
        "etcd3,Can not find suitable configuration of distributed configuration store"
    })
    void whatIsMissingIsNamed(String key, String message) {
        String without =
                SMALL.lines()
                        .filter(line -> !line.startsWith(key + ":"))
                        .reduce("", (a, b) -> a + b + "\n");
        refused(without, message);
    }

    @Test
    void problemsNameThePlaceAndWhatToDo() {
        refused(SMALL + "consul: {}\n", "more than one DCS section (consul, etcd3)");
        refused(SMALL.replace("etcd3", "etdc3"), "a.yml:4: etdc3: did you mean etcd3?");
        refused(
                SMALL.replace("'127.0.0.1:8008'", "nowhere"),
                "Invalid \"restapi\" config: expected <HOST>:<PORT> for \"listen\", but got"
                        + " \"nowhere\"");
        refused(SMALL + "log: {file_num: many}\n", "a.yml:6: log.file_num must be a whole number");
        refused(SMALL + "log: {level: loud}\n", "log.level must be one of debug");
        refused(SMALL + "tags: [1]\n", "a.yml:6: tags must be a mapping of keys, but is a list");
        refused(
                SMALL.replace("name: a", "name: __patroni_strict_sync_replica_placeholder__"),
                "Node 'name' can't be set to '__patroni_strict_sync_replica_placeholder__'");
        refused(
                SMALL + "bootstrap: {initdb: [{pgdata: /x}]}\n",
                "option pgdata of initdb is not allowed");
        refused(SMALL + "citus: {group: 0, database: c}\n", "citus is not supported");
        refused(
                SMALL.replace(
                        "{listen: '127.0.0.1:8008'}",
                        "{listen: 'h:1', authentication: {username: u}}"),
                "restapi.authentication needs both username and password");
        refused("a: [\n", "a.yml, line 2, column 1: not valid YAML");
        refused("", "invalid config file");
        refused("- a\n", "invalid config file");
    }

    @Test
    void aMissingFileIsNeverIgnored() {
        Optional<Path> missing = Optional.of(directory.resolve("typo.yml"));
        assertThatThrownBy(() -> ConfigLoader.load(missing, Map.of("PATRONI_NAME", "a"), false))
                .hasMessageContaining("typo.yml does not exist");
        assertThatThrownBy(() -> ConfigLoader.load(Optional.empty(), Map.of(), false))
                .hasMessageStartingWith("Config is empty.");
        assertThatThrownBy(() -> ConfigLoader.load(Optional.of(directory), Map.of(), false))
                .hasMessageContaining("holds no .yml or .yaml file");
    }

    @Test
    void badVariablesAreNamed() {
        for (String variable :
                List.of("PATRONI_LOG_FILE_NUM", "PATRONI_CTL_INSECURE", "PATRONI_LOG_MODE")) {
            assertThatThrownBy(() -> load(SMALL, Map.of(variable, "maybe")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(variable);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    tags: {nofailver: true}             | tags.nofailver: unknown key, did you mean nofailover?
                    loq: {level: INFO}                  | loq: unknown key, did you mean log?
                    log: {levels: INFO}                 | log.levels: unknown key, did you mean level?
                    ctl: {cert: x}                      | ctl.cert: unknown key, did you mean certfile?
                    bootstrap: {dcs: {tll: 30}}         | bootstrap.dcs.tll: unknown key, did you mean ttl?
                    watchdog: {zebra: 1}                | watchdog.zebra: unknown key
                    """)
    void unknownKeysAreAWarningOrWithStrictAnError(String line, String sentence)
            throws IOException {
        String text = SMALL + line + "\n";
        assertThat(load(text).warnings()).hasSize(1);
        assertThat(load(text).warnings().get(0)).endsWith("a.yml:6: " + sentence);
        Optional<Path> file = Optional.of(file("a.yml", text));
        assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), true))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tags: {zone: a, rack: 7}",
                "bootstrap: {method: pgb, pgb: {command: x, other: y}}",
                "bootstrap: {dcs: {slots: {any: {type: physical}}, postgresql: {use_slots: true}}}"
            })
    void namesThatOperatorsChooseAreKnown(String line) throws IOException {
        assertThat(load(SMALL + line + "\n").warnings()).isEmpty();
    }

    @Test
    void keysWithoutEffectAreToldInBothPlaces() throws IOException {
        ConfigLoader.Loaded loaded = load(SMALL + "log: {format: '%(message)s'}\n");
        assertThat(loaded.warnings())
                .singleElement()
                .asString()
                .endsWith("a.yml:6: log.format is not supported and has no effect; remove it");
        Map<String, Object> document = Map.of("postgresql", Map.of("pg_hba_replica", List.of("x")));
        assertThat(PostgresSettings.merge(loaded.config(), document).warnings()).hasSize(1);
    }

    @Test
    void dynamicKeysInTheFileAreIgnoredWithAWarning() throws IOException {
        assertThat(load(SMALL + "ttl: 20\nsynchronous_mode: on\n").warnings())
                .hasSize(2)
                .allMatch(warning -> warning.contains("belongs to the dynamic configuration"));
    }

    @Test
    void oldShapesAreUnderstood() throws IOException {
        LocalConfig config =
                load("""
                                scope: demo
                                restapi: {listen: 'h:8008', auth: 'u:p:q'}
                                zookeeper: {exhibitor: {hosts: [a], port: 1}}
                                postgresql:
                                  name: old
                                  listen: 127.0.0.1:5432
                                  data_dir: /data
                                  superuser: {username: s, password: x, options: [y]}
                                  replication: {username: r}
                                  pg_rewind: {username: w}
                                """)
                        .config();
        assertThat(config.name()).isEqualTo("old");
        assertThat(config.dcs().name()).isEqualTo("exhibitor");
        assertThat(config.restapi().orElseThrow().password()).contains("p:q");
        assertThat(config.ctl().username()).contains("u");
        PostgresConfig postgres = config.postgresql().orElseThrow();
        assertThat(postgres.superuser().values()).containsOnlyKeys("username", "password");
        assertThat(postgres.rewind().username()).contains("w");
        assertThat(postgres.usePgRewind()).isTrue();
    }

    @Test
    void aPlugInsNameSelectsItsSection() throws IOException {
        Optional<Path> file = Optional.of(file("a.yml", SMALL.replace("etcd3", "mystore")));
        LocalConfig config = ConfigLoader.load(file, Map.of(), true, found("mystore")).config();
        assertThat(config.dcs().name()).isEqualTo("mystore");
    }

    private static PlugIns found(String... names) {
        return new PlugIns(Set.of(names), Map.of());
    }

    private void refused(String section, PlugIns plugIns, String... parts) throws IOException {
        Optional<Path> file = Optional.of(file("a.yml", SMALL.replace("etcd3", section)));
        for (boolean strict : List.of(false, true)) {
            assertThatThrownBy(() -> ConfigLoader.load(file, Map.of(), strict, plugIns))
                    .isInstanceOf(ConfigException.class)
                    .satisfies(e -> assertThat(e.getMessage()).contains(parts));
        }
    }

    @Test
    void aSectionThatNoPlugInKnowsIsNamed() throws IOException {
        refused(
                "store",
                found("consul", "etcd3"),
                "Can not find suitable configuration of distributed configuration store. Available"
                        + " implementations: consul, etcd3; ",
                "a.yml:4: no DCS plug-in named 'store'");
        refused("store", PlugIns.NONE, "implementations: consul, etcd, etcd3, exhibitor, ");
        // A misspelt section of something else is no store.
        String text = SMALL.replace("etcd3: ", "bootstrp: ");
        assertThatThrownBy(() -> load(text))
                .hasMessageContaining("; add the section of your store")
                .hasMessageNotContaining("bootstrp");
    }

    @Test
    void whatCannotBeUsedIsToldAlsoUnderAnotherName() throws IOException {
        PlugIns old = new PlugIns(Set.of("etcd3"), Map.of("my-repo", "/p/my-repo was built for 2"));
        refused(
                "store",
                old,
                "implementations: etcd3; ",
                "no DCS plug-in named 'store'; cannot be used: /p/my-repo was built for 2");
    }

    @Test
    void theFolderOfAPlugInThatCannotBeUsedMaySelectIt() throws IOException {
        PlugIns old = new PlugIns(Set.of("etcd3"), Map.of("store", "why", "postgresql", "why"));
        Optional<Path> file = Optional.of(file("a.yml", SMALL.replace("etcd3", "store")));
        // Whoever opens it is told why not; and what other sections are named selects no store.
        assertThat(ConfigLoader.load(file, Map.of(), true, old).config().dcs().name())
                .isEqualTo("store");
        Optional<Path> both = Optional.of(file("b.yml", SMALL + "store: {}\n"));
        assertThatThrownBy(() -> ConfigLoader.load(both, Map.of(), false, old))
                .hasMessageContaining("more than one DCS section (etcd3, store)");
    }

    @ParameterizedTest
    @CsvSource({
        "off,off",
        "automatic,automatic",
        "auto,automatic",
        "required,required",
        "Require,required",
        "disabled,off",
        "sometimes,off"
    })
    void watchdogModesAreWords(String word, String mode) throws IOException {
        ConfigLoader.Loaded loaded = load(SMALL + "watchdog: {mode: " + word + "}\n");
        assertThat(loaded.config().watchdogMode()).isEqualTo(mode);
        assertThat(loaded.warnings()).hasSize(word.equals("sometimes") ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {nofailover: false, failover_priority: 2} | {failover_priority=2, nofailover=false} | 0
                    {nofailover: false, nosync: true}         | {nosync=true}                           | 0
                    {nofailover: true, failover_priority: 2}  | {failover_priority=2, nofailover=true}  | 1
                    {nosync: false, sync_priority: 0}         | {nosync=false, sync_priority=0}         | 1
                    {clonefrom: false, x: false, y: ~}        | {x=false}                               | 0
                    """)
    void tagsArePublishedByTheirRules(String tags, String published, int warnings)
            throws IOException {
        ConfigLoader.Loaded loaded = load(SMALL + "tags: " + tags + "\n");
        assertThat(loaded.config().tags().values()).hasToString(published);
        assertThat(loaded.warnings()).hasSize(warnings);
    }

    @Test
    void theToolNeedsOnlyAStoreAndACluster() throws IOException {
        Optional<Path> file = Optional.of(file("ctl.yml", "etcd3: {host: h}\nnamespace: /db\n"));
        LocalConfig config = ConfigLoader.loadForCtl(file, Map.of(), Optional.of("demo")).config();
        assertThat(config.scope().path()).isEqualTo("/db/demo");
        assertThat(config.restapi()).isEmpty();
        assertThatThrownBy(() -> ConfigLoader.loadForCtl(file, Map.of(), Optional.empty()))
                .hasMessageContaining("scope is missing");
        LocalConfig byUrl =
                ConfigLoader.loadForCtl(
                                Optional.empty(),
                                Map.of(),
                                Optional.of("demo"),
                                Optional.of(new Section("etcd", Map.of("host", "x"))),
                                Optional.of("/other"),
                                PlugIns.NONE)
                        .config();
        assertThat(byUrl.scope().path()).isEqualTo("/other/demo");
        assertThat(byUrl.dcs().text("host")).contains("x");
    }

    @Test
    void theCtlSectionFallsBackToTheRestapis() throws IOException {
        CtlConfig ctl =
                load(SMALL.replace(
                                "{listen: '127.0.0.1:8008'}",
                                "{listen: 'h:1', cafile: /ca, certfile: /c, authentication:"
                                        + " {username: u, password: p}}"))
                        .config()
                        .ctl();
        assertThat(ctl.caCert()).contains("/ca");
        assertThat(ctl.certFile()).isEmpty();
        assertThat(ctl.username()).contains("u");
    }
}
