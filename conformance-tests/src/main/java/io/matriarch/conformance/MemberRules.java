package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.matriarch.conformance.report.NotKept;
import io.matriarch.spi.Entry;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Outcome;
import org.junit.jupiter.api.Test;

/** M: the record of each member. */
interface MemberRules extends Rules {
    @Test
    default void M1_touchCreatesAndUpdatesTheOwnRecord() {
        Client a = bench().member("a");
        Client b = bench().member("b");
        assertThat(a.touch("{\"n\":1}")).isInstanceOf(Outcome.Applied.class);
        assertThat(b.touch("{\"n\":2}")).isInstanceOf(Outcome.Applied.class);
        assertThat(b.read().members().get("a").text()).isEqualTo("{\"n\":1}");
        assertThat(a.touch("{\"n\":3}")).isInstanceOf(Outcome.Applied.class);
        assertThat(b.read().members()).containsOnlyKeys("a", "b");
        assertThat(b.seen().members().get("a").text()).isEqualTo("{\"n\":3}");
        assertThat(b.seen().members().get("b").text()).isEqualTo("{\"n\":2}");
        assertThat(b.seen().members().get("a").kind()).isEqualTo(EntryKind.MEMBER);
    }

    @Test
    default void M1_theRecordIsBoundToTheSessionOfTheLease() {
        Client a = bench().member("a");
        a.take();
        a.touch("{}");
        Entry leader = a.read(EntryKind.LEADER).orElseThrow();
        Entry member = a.seen().members().get("a");
        assumeTrue(leader.session().isPresent(), "not tested: the store shows no sessions");
        assertThat(member.session()).isEqualTo(leader.session());
    }

    @Test
    default void M2_bothRecordsVanishAfterTheProcessEnded() {
        Client a = bench().member("a");
        Client reader = bench().reader();
        a.take();
        a.touch("{}");
        a.close();
        boolean gone =
                RealTime.await(
                        Leases.bound(a, bench()),
                        () ->
                                reader.read().members().isEmpty()
                                        && reader.seen().leader().isEmpty());
        if (!gone && bench().memberRecordsStay()) {
            assertThat(reader.seen().leader()).as("the leader's record").isEmpty();
            throw new NotKept(
                    "declared: a member's record may outlive its process, and did; the leader's"
                            + " ended in time");
        }
        assertThat(gone).as("gone within the expiry bound: %s", reader.seen()).isTrue();
    }

    @Test
    default void M2_aTouchedRecordOutlivesItsTtl() {
        Client a = bench().member("a");
        Client reader = bench().reader();
        a.touch("{}");
        long end = System.nanoTime() + Leases.bound(a, bench()).toNanos();
        while (System.nanoTime() - end < 0) {
            RealTime.pass(a.dcs().traits().effectiveTtl().dividedBy(4));
            a.touch("{}");
            assertThat(reader.read().members()).containsOnlyKeys("a");
        }
    }

    @Test
    default void M3_anUnchangedRecordIsNotWrittenAgain() {
        Client a = bench().member("a");
        a.touch("{}");
        Entry before = a.read().members().get("a");
        a.touch("{}");
        if (!before.equals(a.read().members().get("a"))) {
            throw new NotKept("the rule is a SHOULD: the unchanged record was written again");
        }
    }
}
