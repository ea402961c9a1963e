package io.matriarch.engine.rest;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import io.matriarch.engine.model.Settings;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.engine.port.MemberControl.Reply;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The checks that a requested switchover or failover passes before it is written into the store,
 * and the words that tell how it ended. Pure: whoever calls asks the members themselves.
 */
public final class SwitchoverChecks {
    private final SwitchoverRequest request;
    private final ClusterView view;
    private final Settings settings;
    private final String action;

    /**
     * @param settings what the view's dynamic configuration means
     */
    public SwitchoverChecks(SwitchoverRequest request, ClusterView view, Settings settings) {
        this.request = request;
        this.view = view;
        this.settings = settings;
        this.action = request.action();
    }

    /**
     * What comes of a request, before any member is asked.
     *
     * @param refusal the answer, if it is refused
     * @param scheduledAt when, for a scheduled switchover: then nobody is asked
     * @param candidates the members of whom at least one must be able to take over
     */
    public record Verdict(
            Optional<Reply> refusal,
            Optional<OffsetDateTime> scheduledAt,
            List<Member> candidates) {
        public Verdict {
            candidates = List.copyOf(candidates);
        }

        private static Verdict refused(int status, String body) {
            return refused(new Reply(status, body));
        }

        private static Verdict refused(Reply reply) {
            return new Verdict(Optional.of(reply), Optional.empty(), List.of());
        }
    }

    /** Checks 2 to 13 of the reference, in its order. */
    public Verdict verdict(OffsetDateTime now) {
        if (request.failover() && request.candidate().isEmpty()) {
            return Verdict.refused(400, "Failover could be performed only to a specific candidate");
        }
        if (!request.failover() && request.leader().isEmpty()) {
            return Verdict.refused(
                    400, "Switchover could be performed only from a specific leader");
        }
        Optional<OffsetDateTime> at = Optional.empty();
        if (request.scheduledAt().isPresent()) {
            if (action.equals("failover")) {
                return Verdict.refused(400, "Failover can't be scheduled");
            }
            if (settings.pause()) {
                return Verdict.refused(400, "Can't schedule switchover in the paused state");
            }
            ScheduledTime.Verdict time =
                    ScheduledTime.judge(request.scheduledAt().get(), action, now);
            if (time.refusal().isPresent()) {
                return Verdict.refused(time.refusal().get());
            }
            at = time.at();
        }
        if (settings.pause() && request.candidate().isEmpty()) {
            return Verdict.refused(
                    400, "Switchover is possible only to a specific candidate in a paused state");
        }
        if (request.leader().equals(request.candidate())) {
            return Verdict.refused(400, "Switchover target and source are the same");
        }
        return at.isPresent() ? new Verdict(Optional.empty(), at, List.of()) : candidatesNow();
    }

    private Verdict candidatesNow() {
        if (request.leader().isPresent() && !request.leader().equals(view.leader())) {
            return Verdict.refused(412, "leader name does not match");
        }
        boolean synchronous = Reported.synchronousMode(settings) == SynchronousMode.ON;
        List<Member> known =
                view.members().values().stream()
                        .filter(member -> !member.equals(Member.named(member.name())))
                        .toList();
        if (request.candidate().isPresent()) {
            return specific(request.candidate().get(), synchronous, known);
        }
        List<Member> candidates =
                known.stream()
                        .filter(
                                member ->
                                        synchronous
                                                ? synchronousVoter(member.name())
                                                : !view.isLeader(member.name())
                                                        && member.apiUrl().isPresent())
                        .toList();
        if (candidates.isEmpty()) {
            return Verdict.refused(
                    412,
                    action
                            + (synchronous
                                    ? " is not possible: can not find sync_standby"
                                    : " is not possible: cluster does not have members except"
                                            + " leader"));
        }
        return new Verdict(Optional.empty(), Optional.empty(), candidates);
    }

    private Verdict specific(String candidate, boolean synchronous, List<Member> known) {
        if (action.equals("switchover") && synchronous && !synchronousVoter(candidate)) {
            return Verdict.refused(412, "candidate name does not match with sync_standby");
        }
        List<Member> named =
                known.stream().filter(member -> member.name().equals(candidate)).toList();
        return named.isEmpty()
                ? Verdict.refused(412, "candidate does not exists")
                : new Verdict(Optional.empty(), Optional.empty(), named);
    }

    private boolean synchronousVoter(String name) {
        return !view.sync().isEmpty() && view.sync().isVoter(name);
    }

    /** Check 14, for one member: whether its answer lets it take over. */
    public static boolean isGoodCandidate(Optional<PeerStatus> answer) {
        return answer.filter(status -> !status.tags().nofailover() && !status.watchdogFailed())
                .isPresent();
    }

    /** Check 14 failed for all. */
    public Reply noGoodCandidates() {
        return new Reply(412, action + " is not possible: no good candidates have been found");
    }

    /** Check 15. */
    public static Reply notWritten() {
        return new Reply(503, "failed to write failover key into DCS");
    }

    /** Check 16. */
    public Reply scheduled() {
        return new Reply(202, title() + " scheduled");
    }

    /**
     * How it ended, if it did.
     *
     * @param now a later view
     */
    public Optional<Reply> outcome(ClusterView now) {
        if (now.leader().isPresent() && !now.leader().equals(view.leader())) {
            return Optional.of(new Reply(200, moved(now.leader().get())));
        }
        // While nobody holds the lease the last word is not spoken, whatever became of the request.
        boolean over = now.failover().isEmpty() && now.leader().equals(view.leader());
        return over ? Optional.of(new Reply(503, title() + " failed")) : Optional.empty();
    }

    private String moved(String leader) {
        boolean failover = action.equals("failover");
        if (request.candidate().filter(candidate -> !candidate.equals(leader)).isEmpty()) {
            return "Successfully "
                    + (failover ? "failed" : "switched")
                    + " over to \""
                    + leader
                    + "\"";
        }
        return (failover ? "Failed" : "Switched")
                + " over to \""
                + leader
                + "\" instead of \""
                + request.candidate().get()
                + "\"";
    }

    /** How long the answer is waited for. */
    public Duration patience() {
        return Duration.ofSeconds(2 * Math.max(10, settings.loopWait().toSeconds()));
    }

    /** The time is up. */
    public Reply unknown() {
        return new Reply(
                503,
                title()
                        + " status unknown after "
                        + patience().toSeconds()
                        + " seconds; operation may still be in progress");
    }

    private String title() {
        return action.substring(0, 1).toUpperCase(Locale.ROOT) + action.substring(1);
    }
}
