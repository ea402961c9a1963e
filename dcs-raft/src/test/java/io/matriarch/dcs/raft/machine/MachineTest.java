package io.matriarch.dcs.raft.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.matriarch.dcs.raft.machine.Command.Condition;
import io.matriarch.dcs.raft.machine.Reply.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MachineTest {
    private final Story story = new Story();

    private static Reason reason(Reply reply) {
        return ((Reply.Refused) reply).reason();
    }

    @Test
    void aHeldLeaseIsRefusedToOthersAndRenewedForItsHolder() {
        Reply.Granted first = (Reply.Granted) story.claim("p1", "a");
        assertThat(reason(story.claim("p2", "b"))).isEqualTo(Reason.HELD_BY_OTHER);
        Reply.Granted second = (Reply.Granted) story.claim("p1", "a");
        assertThat(second).isEqualTo(first);
        assertThat(story.leader()).contains("a");
    }

    @Test
    void aLeaseEndsAfterItsTtlAndTheMarginAndNotBefore() {
        story.claim("p1", "a");
        story.pass(Clock.life(Story.TTL) - 1);
        assertThat(story.leader()).contains("a");
        story.pass(1);
        assertThat(story.leader()).isEmpty();
        assertThat(story.claim("p2", "b")).isInstanceOf(Reply.Granted.class);
    }

    @Test
    void aRenewalPostponesTheEnd() {
        story.claim("p1", "a");
        story.pass(Story.TTL);
        story.claim("p1", "a");
        story.pass(Story.TTL);
        assertThat(story.leader()).contains("a");
    }

    @Test
    void aShorterTtlDoesNotShortenALeaseThatMayStillBeBelieved() {
        story.claim("p1", "a");
        story.of(
                "p1",
                new Command.Claim(
                        Story.PATH, "a", Story.SECOND, Optional.empty(), Optional.empty()));
        story.pass(Story.TTL);
        assertThat(story.leader()).contains("a");
    }

    @Test
    void aYoungerProcessOfTheSameNameTakesOverAndTheOlderDoesNotTakeItBack() {
        Reply.Granted old = (Reply.Granted) story.claim("p1", "a");
        Reply.Granted young = (Reply.Granted) story.claim("p2", "a");
        assertThat(young.epoch()).isGreaterThan(old.epoch());
        assertThat(reason(story.claim("p1", "a"))).isEqualTo(Reason.NOT_MINE);
        assertThat(reason(story.of("p1", new Command.Release(Story.PATH, "a", Optional.empty()))))
                .isEqualTo(Reason.NOT_MINE);
        story.pass(Story.TTL / 2);
        story.claim("p2", "a");
        story.pass(Story.TTL / 2 + 3 * Story.SECOND);
        assertThat(story.leader()).as("the old session ended").contains("a");
    }

    @Test
    void aReleaseWritesTheStatusAndFreesTheLease() {
        story.claim("p1", "a");
        story.of("p1", new Command.Release(Story.PATH, "a", Optional.of("last")));
        assertThat(story.leader()).isEmpty();
        assertThat(story.found("status").map(Reply.Found::text)).contains("last");
        assertThat(story.claim("p2", "b")).isInstanceOf(Reply.Granted.class);
        assertThat(reason(story.of("p1", new Command.Release(Story.PATH, "a", Optional.empty()))))
                .isEqualTo(Reason.NOT_MINE);
    }

    @Test
    void anOvertakenClaimDoesNotTakeTheLeaseBackAfterARelease() {
        story.claim("p1", "a");
        Request late = story.request("p1", Story.claimOf("a"));
        story.of("p1", new Command.Release(Story.PATH, "a", Optional.empty()));
        assertThat(reason(story.send(late).reply())).isEqualTo(Reason.OVERTAKEN);
        assertThat(story.leader()).isEmpty();
    }

    @Test
    void anOvertakenReleaseDoesNotEndALeaseThatWasProvenSince() {
        story.claim("p1", "a");
        Request late = story.request("p1", new Command.Release(Story.PATH, "a", Optional.empty()));
        story.claim("p1", "a");
        assertThat(reason(story.send(late).reply())).isEqualTo(Reason.OVERTAKEN);
        assertThat(story.leader()).contains("a");
    }

    @Test
    void aRequestAfterItsTimeIsNotApplied() {
        Request late = story.request("p1", Story.claimOf("a"));
        story.pass(21 * Story.SECOND);
        assertThat(reason(story.send(late).reply())).isEqualTo(Reason.TOO_LATE);
        assertThat(story.leader()).isEmpty();
    }

    @Test
    void aRequestThatWantsToLiveTooLongIsNotApplied() {
        Request request = new Request("p1", 1, Machine.LONGEST_REQUEST + 1, Story.claimOf("a"));
        assertThat(reason(story.send(request).reply())).isEqualTo(Reason.TOO_LATE);
    }

    @Test
    void aRepeatedRequestIsAnsweredAndNotAppliedAgain() {
        Request write =
                story.request(
                        "w",
                        new Command.Put(
                                Story.PATH, "config", Optional.of("1"), new Condition.Always()));
        Reply first = story.send(write).reply();
        story.put("config", "2", new Condition.Always());
        Machine.Applied again = story.send(write);
        assertThat(again.reply()).isEqualTo(first);
        assertThat(again.changes()).isEmpty();
        assertThat(story.found("config").map(Reply.Found::text)).contains("2");
    }

    @Test
    void aRepetitionWhoseReplyWasForgottenIsNotAppliedAgain() {
        Request first =
                story.request(
                        "w",
                        new Command.Put(
                                Story.PATH, "config", Optional.of("0"), new Condition.Always()));
        story.send(first);
        for (int n = 1; n <= Recent.KEPT; n++) {
            story.put("config", Integer.toString(n), new Condition.Always());
        }
        assertThat(reason(story.send(first).reply())).isEqualTo(Reason.TOO_LATE);
    }

    @Test
    void guardsAreJudgedWhenTheEntryIsApplied() {
        Reply.Done created = (Reply.Done) story.put("config", "", new Condition.Absent());
        assertThat(reason(story.put("config", "x", new Condition.Absent())))
                .isEqualTo(Reason.EXISTS);
        Reply.Done second =
                (Reply.Done) story.put("config", "1", new Condition.Unchanged(created.version()));
        assertThat(second.version()).isGreaterThan(created.version());
        assertThat(reason(story.put("config", "2", new Condition.Unchanged(created.version()))))
                .isEqualTo(Reason.VERSION_CHANGED);
        assertThat(reason(story.put("sync", "2", new Condition.Unchanged(created.version()))))
                .isEqualTo(Reason.MISSING);
        assertThat(story.found("config").map(Reply.Found::text)).contains("1");
    }

    @Test
    void theLeaderRecordIsNotWrittenLikeOtherEntries() {
        assertThat(reason(story.put("leader", "x", new Condition.Always())))
                .isEqualTo(Reason.FORBIDDEN);
        assertThat(reason(story.put("members/x", "x", new Condition.Always())))
                .isEqualTo(Reason.FORBIDDEN);
    }

    @Test
    void anUnchangedMemberRecordKeepsItsVersionAndItsLife() {
        story.touch("p1", "a", "{}");
        Reply.Found before = story.found("members/a").orElseThrow();
        story.pass(Story.TTL);
        story.touch("p1", "a", "{}");
        assertThat(story.found("members/a")).contains(before);
        story.pass(Story.TTL);
        assertThat(story.found("members/a")).contains(before);
        story.pass(3 * Story.SECOND);
        assertThat(story.found("members/a")).isEmpty();
    }

    @Test
    void anEndedSessionTakesItsRecordsAlongAndIsReplaced() {
        story.claim("p1", "a");
        story.touch("p1", "a", "{}");
        long session = story.found("leader").orElseThrow().session();
        assertThat(story.found("members/a").orElseThrow().session()).isEqualTo(session);
        story.of("kit", new Command.EndSession(session));
        assertThat(story.leader()).isEmpty();
        assertThat(story.found("members/a")).isEmpty();
        story.claim("p1", "a");
        assertThat(story.found("leader").orElseThrow().session()).isNotEqualTo(session);
    }

    @Test
    void aPurgeRemovesWhatLiesBelowAndNotWhatOnlyBeginsTheSame() {
        for (String path : List.of("/s/a", "/s/a/b", "/s/ab")) {
            story.of(
                    "w", new Command.Put(path, "config", Optional.of("x"), new Condition.Always()));
        }
        story.of("w", new Command.Purge("/s/a"));
        assertThat(story.machine.scopes.keySet()).containsExactly("/s/ab");
    }

    @Test
    void ticksOfAnotherReignAndRepeatedTicksAreVoid() {
        story.of("c1", new Command.Reign(1));
        story.of("c1", new Command.Tick(1, 1, 100));
        story.of("c2", new Command.Reign(2));
        story.of("c1", new Command.Tick(1, 2, 100));
        story.of("c2", new Command.Tick(2, 1, 100));
        story.of("c2", new Command.Tick(2, 1, 100));
        story.of("c2", new Command.Tick(2, 3, 100));
        assertThat(story.machine.now()).isEqualTo(200);
    }

    @Test
    void aLongTickIsCutAndANegativeOneCountsNothing() {
        story.of("c1", new Command.Reign(1));
        story.of("c1", new Command.Tick(1, 1, 3600 * Story.SECOND));
        story.of("c1", new Command.Tick(1, 2, -5));
        assertThat(story.machine.now()).isEqualTo(Clock.LONGEST.toNanos());
    }

    @Test
    void whatIdleProcessesWereToldIsForgottenInTime() {
        story.put("config", "1", new Condition.Always());
        assertThat(story.machine.recents).containsKey("w");
        story.pass(Machine.MEMORY + 64 * Clock.LONGEST.toNanos());
        assertThat(story.machine.recents).doesNotContainKey("w");
    }

    @Test
    void theClockWakesListenersWhenALeaseEnds() {
        story.claim("p1", "a");
        story.pass(Clock.life(Story.TTL) - 1);
        Machine.Applied last =
                story.send(
                        new Request(
                                "clock",
                                0,
                                0,
                                new Command.Tick(7, ticksUntil(), Clock.LONGEST.toNanos())));
        assertThat(last.changes())
                .containsExactly(new Change(Story.PATH, "leader", Change.Kind.DELETED, ""));
    }

    private static long ticksUntil() {
        long life = Clock.life(Story.TTL) - 1;
        return (life + Clock.LONGEST.toNanos() - 1) / Clock.LONGEST.toNanos() + 1;
    }
}
