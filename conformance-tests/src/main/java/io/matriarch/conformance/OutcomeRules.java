package io.matriarch.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.matriarch.conformance.StoreControl.Ability;
import io.matriarch.spi.DcsException;
import io.matriarch.spi.EntryKind;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Lease;
import io.matriarch.spi.Section;
import io.matriarch.spi.Version;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** O: every call ends as applied, refused or no answer, and tells the truth about it. */
interface OutcomeRules extends Rules {
    /** Fails for a plug-in that lets exceptions of its client library through. */
    @Test
    default void O1_everyCallEndsInAnOutcomeOrADcsException() {
        Severable way = new Severable(bench());
        Client client = way.member("a");
        Lease lease = client.take();
        way.sever();
        for (Call call : Call.all(client, lease)) {
            assertThat(call.by(bench().shortly())).matches(Ending::known, "known to the contract");
        }
    }

    @Test
    default void O2_anUnreachableStoreNeverRefuses() {
        Severable way = new Severable(bench());
        Client holder = way.member("a");
        Lease lease = holder.take();
        Client other = way.member("b");
        other.read();
        way.sever();
        for (Client client : List.of(holder, other)) {
            for (Call call : Call.all(client, lease)) {
                assertThat(call.by(bench().shortly())).matches(Ending::noAnswer, "no answer");
            }
        }
    }

    @Test
    default void O3_withoutAQuorumNothingIsAppliedAndNothingIsProven() {
        Client holder = bench().member("a");
        Lease lease = holder.take();
        bench().loseQuorum();
        for (Call call : Call.changes(holder, lease)) {
            assertThat(call.by(bench().shortly())).matches(Ending::noAnswer, "no answer");
        }
    }

    /**
     * Fails for a plug-in that repeats a write, sees its own first one, and reports a lost race.
     */
    @Test
    default void O4_aGuardedWriteWhoseReplyWasLostIsNotReportedAsRefused() {
        Link link = bench().link();
        Client direct = bench().reader();
        Version before = direct.put(EntryKind.CONFIG, "0");
        Client client = bench().member("a", link);
        client.read();
        link.dropReplies();
        Ending ending =
                Call.write(client, EntryKind.CONFIG, "1", Guard.version(before))
                        .by(bench().shortly());
        link.heal();
        assertThat(ending).matches(end -> end.applied() || end.noAnswer(), "not refused");
        // Whoever has to read before it writes got no reply to that, and knows that it wrote
        // nothing.
        assertThat(direct.read(EntryKind.CONFIG).orElseThrow().text())
                .isEqualTo(ending.notApplied() ? "0" : "1");
    }

    /** Fails for a plug-in, or a client library, that repeats a write behind the caller's back. */
    @Test
    default void O4_aWriteWhoseReplyWasLostIsNotAppliedTwice() {
        Link link = bench().link();
        Client direct = bench().reader();
        direct.put(EntryKind.CONFIG, "0");
        Client client = bench().member("a", link);
        client.read();
        ExecutorService thread = RealTime.daemons(1);
        try {
            link.dropReplies();
            Call write = Call.write(client, EntryKind.CONFIG, "1", Guard.any());
            Future<Ending> ending = thread.submit(() -> write.by(bench().soon()));
            assertThat(arrives(direct, "1")).as("the request reaches the store").isTrue();
            direct.put(EntryKind.CONFIG, "2");
            link.heal();
            assertThat(RealTime.result(ending).refused()).isFalse();
            RealTime.pass(bench().timing().shortTimeout());
            assertThat(direct.read(EntryKind.CONFIG).orElseThrow().text()).isEqualTo("2");
        } finally {
            thread.shutdownNow();
        }
    }

    /**
     * Its own attempt was refused, but that was lost on the way; what it finds is what it wanted.
     */
    @Test
    default void O4_aGuardedDeletionThatSomebodyElseMadeIsNotClaimed() {
        Link link = bench().link();
        Client direct = bench().reader();
        Version before = direct.put(EntryKind.CONFIG, "0");
        Client client = bench().member("a", link);
        client.read();
        assertThat(direct.delete(EntryKind.CONFIG, Guard.version(before)).isApplied()).isTrue();
        ExecutorService thread = RealTime.daemons(1);
        try {
            link.dropReplies();
            Call deletion = Call.delete(client, EntryKind.CONFIG, Guard.version(before));
            Future<Ending> ending = thread.submit(() -> deletion.by(bench().soon()));
            // Nothing tells that a request which changes nothing has arrived.
            RealTime.pass(bench().timing().shortTimeout());
            link.heal();
            assertThat(RealTime.result(ending).applied()).as("claimed").isFalse();
        } finally {
            thread.shutdownNow();
        }
    }

    private boolean arrives(Client reader, String text) {
        return RealTime.await(
                bench().timing().timeout(),
                () -> reader.read(EntryKind.CONFIG).orElseThrow().text().equals(text));
    }

    @Test
    default void O5_repeatingAcquireAndRenewAfterALostReplyIsHarmless() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        client.read();
        Client other = bench().member("b");
        link.dropReplies();
        Call.acquire(client).by(bench().shortly());
        link.heal();
        client.acquire();
        client.prolong();
        link.dropReplies();
        Call.renew(client).by(bench().shortly());
        link.heal();
        client.prolong();
        assertThat(other.leader()).contains("a");
    }

    @Test
    default void O5_repeatingTouchAfterALostReplyIsHarmless() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        client.read();
        link.dropReplies();
        Call.touch(client, "{}").by(bench().shortly());
        link.heal();
        assertThat(client.touch("{}").isApplied()).isTrue();
        assertThat(client.read().members().get("a").text()).isEqualTo("{}");
    }

    @Test
    default void O5_repeatingReleaseAfterALostReplyDoesNotHarmTheNextHolder() {
        Link link = bench().link();
        Client client = bench().member("a", link);
        Lease lease = client.take();
        Client next = bench().member("b");
        link.dropReplies();
        Call.release(client, lease).by(bench().shortly());
        // A release that reads first gets no further: then the record ends with the lease. Where
        // each attempt to connect is a sign of life, that is a ttl after the client gave it up.
        Duration patience = bench().timing().timeout().plus(bench().timing().ttl().multipliedBy(3));
        boolean gone = RealTime.await(patience, () -> next.leader().isEmpty());
        assertThat(gone).as("the record ends").isTrue();
        next.take();
        link.heal();
        Call.release(client, lease).by(bench().soon());
        assertThat(next.leader()).contains("b");
    }

    @Test
    default void O6_unusableCredentialsAreAMisconfiguration() {
        Section bad = bench().require(Ability.BAD_CREDENTIALS).badCredentials();
        assertThatThrownBy(() -> bench().reader(bad).read())
                .isInstanceOf(DcsException.Misconfigured.class);
    }
}
