package io.matriarch.engine.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.engine.port.MemberControl.Reply;
import io.matriarch.spi.EntryKind;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words are an interface: tools compare them. */
class SwitchoverChecksTest {
    private static final OffsetDateTime NOW = OffsetDateTime.parse("2026-11-23T03:00:00Z");

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            textBlock =
                    """
    # endpoint   | body                                      | cluster | answer
    failover     | {"x": 1}                                   | async   | 400 Failover could be performed only to a specific candidate
    failover     | {"leader": "pg1"}                          | async   | 400 Failover could be performed only to a specific candidate
    switchover   | {"candidate": "pg2"}                       | async   | 400 Switchover could be performed only from a specific leader
    switchover   | {"leader": "", "candidate": "pg2"}         | async   | 400 Switchover could be performed only from a specific leader
    failover     | {"candidate": "pg2", "scheduled_at": "x"}  | async   | 400 Failover can't be scheduled
    switchover   | {"leader": "pg1", "scheduled_at": "2030-01-01T00:00Z"} | paused | 400 Can't schedule switchover in the paused state
    switchover   | {"leader": "pg1", "scheduled_at": "2030-01-01T00:00"}  | async | 400 Timezone information is mandatory for the scheduled switchover
    switchover   | {"leader": "pg1", "scheduled_at": "2020-01-01T00:00Z"} | async | 422 Cannot schedule switchover in the past
    switchover   | {"leader": "pg1", "scheduled_at": "soon"}  | async   | 422 Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO 8601
    switchover   | {"leader": "pg1", "scheduled_at": 17}      | async   | 422 Unable to parse scheduled timestamp. It should be in an unambiguous format, e.g. ISO 8601
    switchover   | {"leader": "pg1"}                          | paused  | 400 Switchover is possible only to a specific candidate in a paused state
    switchover   | {"leader": "pg1", "candidate": "pg1"}      | async   | 400 Switchover target and source are the same
    switchover   | {"leader": "pg1", "candidate": "pg1", "scheduled_at": "2030-01-01T00:00Z"} | async | 400 Switchover target and source are the same
    switchover   | {"leader": "pg2", "candidate": "pg3"}      | async   | 412 leader name does not match
    failover     | {"leader": "pg2", "candidate": "pg3"}      | async   | 412 leader name does not match
    switchover   | {"leader": "pg1", "candidate": "pg3"}      | sync    | 412 candidate name does not match with sync_standby
    failover     | {"candidate": "pg3"}                       | sync    | candidates pg3
    switchover   | {"leader": "pg1", "candidate": "pg3"}      | quorum  | candidates pg3
    switchover   | {"leader": "pg1", "candidate": "pg9"}      | async   | 412 candidate does not exists
    failover     | {"candidate": "pg9"}                       | async   | 412 candidate does not exists
    switchover   | {"leader": "pg1"}                          | nosync  | 412 switchover is not possible: can not find sync_standby
    switchover   | {"leader": "pg1"}                          | alone   | 412 switchover is not possible: cluster does not have members except leader
    switchover   | {"leader": "pg1"}                          | sync    | candidates pg2
    switchover   | {"leader": "pg1"}                          | async   | candidates pg2,pg3
    switchover   | {"leader": "pg1", "candidate": "pg2"}      | async   | candidates pg2
    switchover   | {"leader": "pg1", "member": "pg2"}         | paused  | candidates pg2
    failover     | {"member": "pg2"}                          | async   | candidates pg2
    failover     | {"candidate": "pg1"}                       | async   | candidates pg1
    failover     | {"leader": "pg1", "candidate": "pg2"}      | async   | candidates pg2
    switchover   | {"leader": "pg9", "candidate": "nobody", "scheduled_at": "2030-01-01T00:00Z"} | async | at 2030-01-01T00:00Z
    failover     | {"leader": "pg1", "candidate": "pg2", "scheduled_at": "2030-01-01 02:00+02"} | async | at 2030-01-01T02:00+02:00
    """)
    void checksInOrder(String endpoint, String body, String cluster, String expected) {
        assertThat(verdict(endpoint, body, situation(cluster))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1}, then leader {2}, request left: {3}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            textBlock =
                    """
    switchover | {"leader": "pg1"}                     | pg2 | false | 200 Successfully switched over to "pg2"
    switchover | {"leader": "pg1", "candidate": "pg2"} | pg2 | true  | 200 Successfully switched over to "pg2"
    failover   | {"candidate": "pg2"}                  | pg2 | false | 200 Successfully failed over to "pg2"
    switchover | {"leader": "pg1", "candidate": "pg2"} | pg3 | false | 200 Switched over to "pg3" instead of "pg2"
    failover   | {"candidate": "pg2"}                  | pg3 | false | 200 Failed over to "pg3" instead of "pg2"
    switchover | {"leader": "pg1"}                     | pg1 | false | 503 Switchover failed
    failover   | {"candidate": "pg1"}                  | pg1 | false | 503 Failover failed
    switchover | {"leader": "pg1"}                     | pg1 | true  | -
    switchover | {"leader": "pg1"}                     | -   | true  | -
    switchover | {"leader": "pg1"}                     | -   | false | -
    """)
    void tellsHowItEnded(
            String endpoint, String body, String leader, boolean pending, String expected) {
        Situation then = situation("async");
        then.entries.remove(EntryKind.LEADER);
        if (leader != null) {
            then.entries.put(EntryKind.LEADER, leader);
        }
        then.entries.put(EntryKind.FAILOVER, pending ? "{\"leader\":\"pg1\"}" : "{}");
        assertThat(
                        checks(endpoint, body, situation("async"))
                                .outcome(then.view())
                                .map(SwitchoverChecksTest::text))
                .isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void saysTheRest() {
        SwitchoverChecks switchover =
                checks("switchover", "{\"leader\": \"pg1\"}", situation("async"));
        SwitchoverChecks failover =
                checks("failover", "{\"candidate\": \"pg2\"}", situation("async"));
        assertThat(text(switchover.noGoodCandidates()))
                .isEqualTo("412 switchover is not possible: no good candidates have been found");
        assertThat(text(failover.noGoodCandidates()))
                .isEqualTo("412 failover is not possible: no good candidates have been found");
        assertThat(text(SwitchoverChecks.notWritten()))
                .isEqualTo("503 failed to write failover key into DCS");
        assertThat(text(switchover.scheduled())).isEqualTo("202 Switchover scheduled");
        assertThat(text(switchover.unknown()))
                .isEqualTo(
                        "503 Switchover status unknown after 20 seconds; operation may still be in"
                                + " progress");
        assertThat(text(failover.unknown())).startsWith("503 Failover status unknown after 20");
    }

    private static String verdict(String endpoint, String body, Situation situation) {
        SwitchoverChecks.Verdict verdict = checks(endpoint, body, situation).verdict(NOW);
        if (verdict.refusal().isPresent()) {
            return text(verdict.refusal().get());
        }
        return verdict.scheduledAt()
                .map(at -> "at " + at)
                .orElse(
                        "candidates "
                                + String.join(
                                        ",",
                                        verdict.candidates().stream().map(Member::name).toList()));
    }

    private static SwitchoverChecks checks(String endpoint, String body, Situation situation) {
        return new SwitchoverChecks(
                SwitchoverRequest.of(Json.object(body), endpoint.equals("failover")),
                situation.view(),
                situation.settings());
    }

    private static String text(Reply reply) {
        return reply.status() + " " + reply.body();
    }

    private static Situation situation(String cluster) {
        Situation situation = Situation.primary();
        situation.pause = cluster.equals("paused");
        for (String name : cluster.equals("alone") ? "pg1".split(",") : "pg1,pg2,pg3".split(",")) {
            situation.members.put(
                    name, "{\"conn_url\":\"postgres://h:1/p\",\"api_url\":\"http://h:2/patroni\"}");
        }
        switch (cluster) {
            case "sync" -> {
                situation.mode = SynchronousMode.ON;
                situation.entries.put(
                        EntryKind.SYNC, "{\"leader\":\"pg1\",\"sync_standby\":\"pg2\"}");
            }
            case "nosync" -> {
                situation.mode = SynchronousMode.ON;
                situation.entries.put(EntryKind.SYNC, "{\"leader\":\"pg1\",\"sync_standby\":\"\"}");
            }
            case "quorum" -> {
                situation.mode = SynchronousMode.QUORUM;
                situation.entries.put(
                        EntryKind.SYNC, "{\"leader\":\"pg1\",\"sync_standby\":\"pg2\"}");
            }
            default -> {}
        }
        return situation;
    }
}
