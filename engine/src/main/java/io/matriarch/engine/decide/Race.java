package io.matriarch.engine.decide;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.Lsn;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.PeerStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The comparison of members: may I take the free lease, and is there anybody to hand it to. An
 * answer of a peer counts for a second; what is missing or older is asked for.
 */
final class Race {
    /** How long an answer of a peer is good for a verdict. */
    static final Duration FRESH = Duration.ofSeconds(1);

    /** Where a position must have been reached, an older answer only says that it was not yet. */
    static final Duration JUST_ASKED = Duration.ofMillis(50);

    private final Situation s;
    private Duration fresh = FRESH;

    Race(Situation situation) {
        this.s = situation;
    }

    /** What a question about others comes to. */
    sealed interface Verdict {
        record Yes() implements Verdict {}

        record No(String reason) implements Verdict {}

        /**
         * Cannot be told before these have answered; an empty set means "they were asked already".
         */
        record Ask(Set<String> members) implements Verdict {}
    }

    /** May this standby take the free lease? */
    Verdict healthiest() {
        Optional<FailoverRequest> request = s.cluster().failover();
        return request.isPresent() ? withRequest(request.get()) : compare(raceMembers(), true);
    }

    /** Everybody who may know better: also members whose keys vanished with the lease. */
    private Collection<Member> raceMembers() {
        Map<String, Member> all = new TreeMap<>();
        s.oldView().ifPresent(old -> all.putAll(old.members()));
        all.putAll(s.cluster().members());
        return all.values();
    }

    private Verdict withRequest(FailoverRequest request) {
        if (request.candidate().filter(s.me().name()::equals).isPresent()) {
            return new Verdict.Yes();
        }
        if (s.paused()) {
            return new Verdict.No("maintenance mode is on and the failover names another member");
        }
        if (request.candidate().isPresent()) {
            Optional<Verdict> deferred = deferToCandidate(request.candidate().get());
            if (deferred.isPresent()) {
                return deferred.get();
            }
        }
        if (request.leader().filter(s.me().name()::equals).isPresent()) {
            return takeBack(request);
        }
        return compare(
                s.cluster().members().values().stream()
                        .filter(m -> request.leader().filter(m.name()::equals).isEmpty())
                        .toList(),
                false);
    }

    /** Stands back while the named candidate is able; empty if it is not. */
    private Optional<Verdict> deferToCandidate(String candidate) {
        Member member = s.cluster().members().get(candidate);
        if (member == null) {
            return Optional.empty();
        }
        Set<String> missing = missing(Set.of(member));
        if (!missing.isEmpty() || pending(Set.of(member))) {
            return Optional.of(new Verdict.Ask(missing));
        }
        return limitation(member).isEmpty()
                ? Optional.of(
                        new Verdict.No(
                                "the failover is to " + candidate + ", i am " + s.me().name()))
                : Optional.empty();
    }

    /** The member that gave the lease up on request takes it back only if nobody else can. */
    private Verdict takeBack(FailoverRequest request) {
        Verdict possible = possible(Optional.empty(), request.candidate());
        if (possible instanceof Verdict.Ask) {
            return possible;
        }
        return possible instanceof Verdict.Yes
                ? new Verdict.No("another member can take over")
                : new Verdict.Yes();
    }

    private Verdict compare(Collection<Member> among, boolean checkLag) {
        Lsn mine = s.myPosition();
        ClusterView view = s.cluster();
        Lsn optime = view.status().optime();
        if (checkLag && optime.minus(mine) > s.settings().maximumLagOnFailover()) {
            return new Verdict.No("My wal position exceeds maximum replication lag");
        }
        if (s.settings().checkTimeline() && s.myTimeline() == 0) {
            return new Verdict.No("Can not figure out my timeline");
        }
        if (s.settings().checkTimeline() && s.myTimeline() < view.timeline()) {
            return new Verdict.No(
                    "My timeline "
                            + s.myTimeline()
                            + " is behind last known cluster timeline "
                            + view.timeline());
        }
        Set<Member> peers = askable(among);
        for (Member peer : peers) {
            Optional<String> better = betterThanMe(peer, mine);
            if (better.isPresent()) {
                return new Verdict.No(better.get());
            }
        }
        Set<String> missing = missing(peers);
        if (!missing.isEmpty() || pending(peers)) {
            return new Verdict.Ask(missing);
        }
        return new Verdict.Yes();
    }

    private Set<Member> askable(Collection<Member> among) {
        Set<Member> peers = new LinkedHashSet<>();
        for (Member member : among) {
            if (!member.name().equals(s.me().name())
                    && member.apiUrl().isPresent()
                    && !member.tags().nofailover()) {
                peers.add(member);
            }
        }
        // A running primary vetoes whatever its tags are.
        s.oldView()
                .flatMap(ClusterView::leaderMember)
                .filter(m -> !m.name().equals(s.me().name()) && m.apiUrl().isPresent())
                .ifPresent(peers::add);
        return peers;
    }

    /** Why this peer should lead rather than me, by its fresh answer. */
    private Optional<String> betterThanMe(Member peer, Lsn mine) {
        Optional<PeerStatus> answer = fresh(peer).flatMap(PeerAnswer::status);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        PeerStatus status = answer.get();
        if (status.runningAsPrimary()) {
            return Optional.of("Primary (" + peer.name() + ") is still alive");
        }
        if (limitation(peer).isPresent()) {
            return Optional.empty();
        }
        if (status.lsn().after(mine)) {
            return Optional.of("Wal position of " + peer.name() + " is ahead of my wal position");
        }
        boolean equal = !status.lsn().isZero() && status.lsn().equals(mine);
        int theirs = status.tags().failoverPriority();
        int own = s.me().tags().failoverPriority();
        boolean formerLeader = s.oldView().filter(v -> v.isLeader(peer.name())).isPresent();
        if (equal && own < theirs && !formerLeader) {
            return Optional.of(
                    peer.name()
                            + " has equally tolerable WAL position and priority "
                            + theirs
                            + ", while this node has priority "
                            + own);
        }
        return Optional.empty();
    }

    /**
     * Is there anybody who could take over from me?
     *
     * @param needed the position that a candidate must have; empty = the usual lag limit
     * @param except a candidate that is known not to be able
     */
    Verdict possible(Optional<Lsn> needed, Optional<String> except) {
        fresh = needed.isPresent() ? JUST_ASKED : FRESH;
        Optional<FailoverRequest> request = s.cluster().failover();
        Optional<String> only =
                except.isPresent() ? Optional.empty() : request.flatMap(FailoverRequest::candidate);
        Set<Member> candidates = new LinkedHashSet<>();
        for (Member member : s.cluster().members().values()) {
            if (!member.name().equals(s.me().name())
                    && !member.tags().nofailover()
                    && member.apiUrl().isPresent()
                    && only.map(member.name()::equals).orElse(true)
                    && except.filter(member.name()::equals).isEmpty()) {
                candidates.add(member);
            }
        }
        if (candidates.isEmpty()) {
            return new Verdict.No("candidates list is empty");
        }
        StringBuilder why = new StringBuilder();
        for (Member candidate : candidates) {
            if (fresh(candidate).filter(a -> !a.pending()).isEmpty()) {
                continue;
            }
            Optional<String> obstacle = obstacle(candidate, needed);
            if (obstacle.isEmpty()) {
                return new Verdict.Yes();
            }
            why.append(why.length() == 0 ? "" : "; ").append(obstacle.get());
        }
        Set<String> missing = missing(candidates);
        if (!missing.isEmpty() || pending(candidates)) {
            return new Verdict.Ask(missing);
        }
        return new Verdict.No(why.toString());
    }

    private Optional<String> obstacle(Member candidate, Optional<Lsn> needed) {
        Optional<String> limitation = limitation(candidate);
        if (limitation.isPresent()) {
            return Optional.of("Member " + candidate.name() + " is " + limitation.get());
        }
        PeerStatus status = fresh(candidate).flatMap(PeerAnswer::status).orElseThrow();
        boolean lagging =
                needed.isPresent()
                        ? needed.get().after(status.lsn())
                        : s.cluster().status().optime().minus(status.lsn())
                                > s.settings().maximumLagOnFailover();
        if (lagging) {
            return Optional.of("Member " + candidate.name() + " exceeds maximum replication lag");
        }
        int timeline = s.cluster().timeline();
        if (s.settings().checkTimeline() && status.timeline() < timeline) {
            return Optional.of(
                    "Timeline "
                            + status.timeline()
                            + " of member "
                            + candidate.name()
                            + " is behind the cluster timeline "
                            + timeline);
        }
        return Optional.empty();
    }

    /** Why this member cannot become leader, by its fresh answer. */
    private Optional<String> limitation(Member member) {
        Optional<PeerStatus> status = fresh(member).flatMap(PeerAnswer::status);
        if (status.isEmpty()) {
            return Optional.of("not reachable");
        }
        if (status.get().tags().nofailover()) {
            return Optional.of("not allowed to promote");
        }
        return status.get().watchdogFailed()
                ? Optional.of("not watchdog capable")
                : Optional.empty();
    }

    private Optional<PeerAnswer> fresh(Member member) {
        return Optional.ofNullable(s.peers().get(member.name()))
                .filter(
                        answer ->
                                answer.pending() || s.now() - answer.askedAt() <= fresh.toNanos());
    }

    private Set<String> missing(Set<Member> members) {
        Set<String> missing = new LinkedHashSet<>();
        for (Member member : members) {
            if (fresh(member).isEmpty()) {
                missing.add(member.name());
            }
        }
        return missing;
    }

    private boolean pending(Set<Member> members) {
        return members.stream().anyMatch(m -> fresh(m).filter(PeerAnswer::pending).isPresent());
    }
}
