package io.matriarch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The formats of list and topology, letter by letter. */
class ListTest {
    private CtlRun ctl;

    @BeforeEach
    void open() throws IOException {
        ctl = new CtlRun();
    }

    @AfterEach
    void close() {
        ctl.close();
    }

    private String out(String... arguments) {
        CtlRun.Result result = ctl.run("", arguments);
        assertThat(result.err()).isEmpty();
        assertThat(result.code()).isZero();
        return result.out();
    }

    private CtlRun two() {
        String replica =
                "\"state\":\"running\",\"role\":\"replica\",\"timeline\":1,"
                        + "\"xlog_location\":67393056,\"receive_lsn\":67393056,"
                        + "\"replay_lsn\":67393056,\"replication_state\":\"streaming\"";
        return ctl.key("initialize", "7711187191231420287")
                .key("leader", "pg1")
                .key("status", "{\"optime\":67393056}")
                .key("config", "{}")
                .member(
                        "pg1",
                        15431,
                        "\"state\":\"running\",\"role\":\"primary\",\"timeline\":1,"
                                + "\"xlog_location\":67393056,\"tags\":{\"clonefrom\":true}")
                .member("pg2", 15432, replica + ",\"tags\":{\"clonefrom\":true}");
    }

    @Test
    void prettyTableWithFooterMatchesThePeer() {
        two().key("config", "{\"pause\":true}")
                .key(
                        "failover",
                        "{\"leader\":\"pg1\",\"member\":\"pg2\","
                                + "\"scheduled_at\":\"2026-11-23T04:26:00+00:00\"}");
        assertThat(out("list"))
                .isEqualTo(
                        """
                        + Cluster: demo (7711187191231420287) -----------+----+-------------+-----+------------+-----+-----------------+
                        | Member | Host            | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag | Tags            |
                        +--------+-----------------+---------+-----------+----+-------------+-----+------------+-----+-----------------+
                        | pg1    | 127.0.0.1:15431 | Leader  | running   |  1 |             |     |            |     | clonefrom: true |
                        | pg2    | 127.0.0.1:15432 | Replica | streaming |  1 |   0/4045620 |   0 |  0/4045620 |   0 | clonefrom: true |
                        +--------+-----------------+---------+-----------+----+-------------+-----+------------+-----+-----------------+
                         Maintenance mode: on
                         Switchover scheduled at: 2026-11-23T04:26:00+00:00
                                            from: pg1
                                              to: pg2
                        """);
    }

    @Test
    void topologyIsATreeOfWhoStreamsFromWhom() {
        String replica =
                "\"state\":\"running\",\"role\":\"replica\",\"timeline\":3,"
                        + "\"xlog_location\":67500912,\"receive_lsn\":67500912,"
                        + "\"replay_lsn\":67500912,\"replication_state\":\"streaming\"";
        ctl.key("initialize", "7711187191231420287")
                .key("leader", "pg3")
                .key("status", "{\"optime\":67500912}")
                .member(
                        "pg1",
                        15431,
                        replica
                                + ",\"tags\":{\"replicatefrom\":\"pg2\",\"clonefrom\":true,\"nofailover\":true}")
                .member(
                        "pg2",
                        15432,
                        replica
                                + ",\"tags\":{\"zone\":\"a\",\"num\":1.4,\"flag\":true,\"clonefrom\":true}")
                .member(
                        "pg3",
                        15433,
                        "\"state\":\"running\",\"role\":\"primary\",\"timeline\":3,"
                                + "\"tags\":{\"clonefrom\":true}");
        assertThat(out("topology"))
                .isEqualTo(
                        """
                        + Cluster: demo (7711187191231420287) +-----------+----+-------------+-----+------------+-----+---------------------------------------------------------+
                        | Member  | Host            | Role    | State     | TL | Receive LSN | Lag | Replay LSN | Lag | Tags                                                    |
                        +---------+-----------------+---------+-----------+----+-------------+-----+------------+-----+---------------------------------------------------------+
                        | pg3     | 127.0.0.1:15433 | Leader  | running   |  3 |             |     |            |     | {clonefrom: true}                                       |
                        | + pg2   | 127.0.0.1:15432 | Replica | streaming |  3 |   0/405FB70 |   0 |  0/405FB70 |   0 | {clonefrom: true, flag: true, num: 1.4, zone: a}        |
                        |   + pg1 | 127.0.0.1:15431 | Replica | streaming |  3 |   0/405FB70 |   0 |  0/405FB70 |   0 | {clonefrom: true, nofailover: true, replicatefrom: pg2} |
                        +---------+-----------------+---------+-----------+----+-------------+-----+------------+-----+---------------------------------------------------------+
                        """);
    }

    @Test
    void membersThatNameEachOtherAsSourceAreStillShownOnce() {
        ctl.threeMembers()
                .member("pg2", 15432, "\"state\":\"running\",\"tags\":{\"replicatefrom\":\"pg3\"}")
                .member("pg3", 15433, "\"state\":\"running\",\"tags\":{\"replicatefrom\":\"pg2\"}");
        assertThat(out("topology")).contains("| + pg2  |", "| + pg3  |");
    }

    @Test
    void withoutALeaderEveryMemberIsARoot() {
        ctl.threeMembers().store.delete(CtlRun.scope("demo"), "leader");
        assertThat(out("topology")).contains("| + pg1  |", "| + pg2  |", "| + pg3  |");
    }

    @Test
    void tsvHasAHeaderAndTabs() {
        two();
        assertThat(out("list", "-f", "tsv"))
                .isEqualTo(
                        "Cluster\tMember\tHost\tRole\tState\tTL\tReceive LSN\tReceive Lag\tReplay"
                                + " LSN\tReplay Lag\tTags\n"
                                + "demo\tpg1\t127.0.0.1:15431\tLeader\trunning\t1\t\t\t\t\t{clonefrom:"
                                + " true}\n"
                                + "demo\tpg2\t127.0.0.1:15432\tReplica\tstreaming\t1\t0/4045620\t0\t"
                                + "0/4045620\t0\t{clonefrom: true}\n");
    }

    @Test
    void jsonOmitsEmptyKeysAndKeepsTheColumnsOrder() {
        two().member(
                        "pg2",
                        15432,
                        "\"state\":\"running\",\"role\":\"replica\",\"timeline\":1,"
                                + "\"receive_lsn\":67393056,\"replay_lsn\":67393056,"
                                + "\"replication_state\":\"streaming\",\"pending_restart\":true,"
                                + "\"pending_restart_reason\":{\"max_connections\":"
                                + "{\"old_value\":\"100\",\"new_value\":\"150\"}}");
        assertThat(out("list", "--format", "json"))
                .isEqualTo(
                        "[{\"Cluster\": \"demo\", \"Member\": \"pg1\", \"Host\": \"127.0.0.1:15431\", \"Role\":"
                                + " \"Leader\", \"State\": \"running\", \"TL\": 1, \"Tags\":"
                                + " {\"clonefrom\": true}}, {\"Cluster\": \"demo\", \"Member\":"
                                + " \"pg2\", \"Host\": \"127.0.0.1:15432\", \"Role\": \"Replica\","
                                + " \"State\": \"streaming\", \"TL\": 1, \"Receive LSN\":"
                                + " \"0/4045620\", \"Receive Lag\": 0, \"Replay LSN\":"
                                + " \"0/4045620\", \"Replay Lag\": 0, \"Pending restart\": \"*\","
                                + " \"Pending restart reason\": \"max_connections: 100->150\"}]\n");
    }

    @Test
    void yamlHasSortedKeysAndAnEmptyLineAtItsEnd() {
        two().store.delete(CtlRun.scope("demo"), "members/pg2");
        assertThat(out("list", "-f", "yaml"))
                .isEqualTo(
                        """
                        - Cluster: demo
                          Host: 127.0.0.1:15431
                          Member: pg1
                          Role: Leader
                          State: running
                          TL: 1
                          Tags:
                            clonefrom: true

                        """);
    }

    @Test
    void aCellOfSeveralLinesSeparatesAllRows() {
        two().member(
                        "pg1",
                        15431,
                        "\"state\":\"running\",\"role\":\"primary\",\"timeline\":1,"
                                + "\"tags\":{\"clonefrom\":true,\"zone\":\"b\"}");
        assertThat(out("list").lines().filter(line -> line.startsWith("+--"))).hasSize(3);
        assertThat(out("list"))
                .contains("|     | clonefrom: true |\n|        |")
                .contains("| zone: b         |\n+----");
    }

    @Test
    void aLongReasonIsHiddenInATableOnly() {
        two().member(
                        "pg2",
                        15432,
                        "\"state\":\"running\",\"pending_restart\":true,"
                                + "\"pending_restart_reason\":{\"shared_preload_libraries\":"
                                + "{\"old_value\":\"a_very_long_value\","
                                + "\"new_value\":\"another_long_value\"}}");
        assertThat(out("list")).contains("| shared_preload_libraries: [hidden - too long] |");
        assertThat(out("list", "-f", "tsv"))
                .contains("shared_preload_libraries: a_very_long_value->another_long_value");
    }

    @Test
    void lagIsInMegabytesRoundedHalfToEven() {
        two().key("status", "{\"optime\":" + (67393056 + 5 * 1048576 / 2) + "}");
        assertThat(out("list")).contains("|   0/4045620 |   2 |  0/4045620 |   2 |");
    }

    @Test
    void anUnknownPositionHasNoLag() {
        two().member("pg2", 15432, "\"state\":\"stopped\",\"role\":\"replica\"");
        assertThat(out("list"))
                .contains("| Replica | stopped |    |     unknown |     |    unknown |     |");
    }

    @Test
    void theDefaultPortIsNotShownWhenAllHostsDiffer() {
        ctl.key("leader", "pg1")
                .key(
                        "members/pg1",
                        "{\"conn_url\":\"postgres://10.0.0.1:5432/postgres\",\"state\":\"running\"}")
                .key(
                        "members/pg2",
                        "{\"conn_url\":\"postgres://10.0.0.2:5432/postgres\",\"state\":\"running\"}");
        assertThat(out("list")).contains("| 10.0.0.1 |", "| 10.0.0.2 |");
    }

    @Test
    void extendedShowsAllColumns() {
        ctl.threeMembers();
        assertThat(out("list", "-e"))
                .contains(
                        "| Pending restart | Pending restart reason | Scheduled restart | Tags |");
    }

    @Test
    void anUnknownClusterIsAnEmptyTable() {
        assertThat(out("list", "nowhere"))
                .isEqualTo(
                        """
                        + Cluster: nowhere (uninitialized) -+-------------+-----+------------+-----+
                        | Member | Host | Role | State | TL | Receive LSN | Lag | Replay LSN | Lag |
                        +--------+------+------+-------+----+-------------+-----+------------+-----+
                        +--------+------+------+-------+----+-------------+-----+------------+-----+
                        """);
    }

    @Test
    void anEmptyInitializeKeySaysInitializing() {
        ctl.key("initialize", "").member("pg1", 5432, "\"state\":\"initializing new cluster\"");
        assertThat(out("list")).startsWith("+ Cluster: demo (initializing) +---");
    }

    @Test
    void timestampComesFirst() {
        assertThat(out("list", "-t")).startsWith("2026-11-23 12:00:00\n+ Cluster");
    }

    @Test
    void watchingRepeatsUntilInterrupted() {
        AtomicInteger looks = new AtomicInteger();
        ctl.naps.addAll(List.of(looks::incrementAndGet, looks::incrementAndGet));
        CtlRun.Result result = ctl.threeMembers().run("", "list", "-w", "0.5");
        Thread.interrupted();
        assertThat(looks).hasValue(2);
        assertThat(result.out().lines().filter(line -> line.startsWith("+ Cluster"))).hasSize(3);
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void anUnknownFormatIsWrongUsage() {
        CtlRun.Result result = ctl.run("", "list", "-f", "xml");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("Usage: patronictl list [")
                .contains("\nTry 'patronictl list --help' for help.\n\nError: ")
                .contains("'xml' is not one of 'pretty', 'tsv', 'json', 'yaml', 'yml'.");
    }
}
