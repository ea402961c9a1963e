package io.matriarch.cli;

import io.matriarch.engine.codec.IsoTime;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.FailoverRequest;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.Settings.SynchronousMode;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The dialogue of {@code switchover} and {@code failover}, and the request at its end. The order of
 * the questions and their words are an interface: programs answer them by pattern.
 */
final class FailoverFlow {
    private final Surroundings surroundings;
    private final GlobalOptions options;
    private final CtlSession session;
    private final Wish wish;
    private final Console console;
    private final String action;

    /**
     * What the command line said.
     *
     * @param switchover else failover
     */
    record Wish(
            boolean switchover,
            Optional<String> leader,
            Optional<String> candidate,
            Optional<String> scheduled,
            boolean force) {}

    FailoverFlow(Surroundings surroundings, GlobalOptions options, CtlSession session, Wish wish) {
        this.surroundings = surroundings;
        this.options = options;
        this.session = session;
        this.wish = wish;
        this.console = surroundings.console();
        this.action = wish.switchover() ? "switchover" : "failover";
    }

    Verdict run() {
        ClusterPicture picture = session.picture();
        ClusterView view = picture.view();
        console.line("Current cluster topology");
        printTable(picture);
        if (wish.switchover()) {
            checkLeader(picture);
        }
        Optional<String> candidate = candidate(view);
        confirmAsynchronous(picture, candidate);
        Optional<OffsetDateTime> at = wish.switchover() ? schedule(picture) : Optional.empty();
        if (!wish.force()) {
            confirm(view, at);
        }
        return request(view, candidate, at);
    }

    private void printTable(ClusterPicture picture) {
        new MemberListing(picture).print(console, Format.PRETTY, false);
    }

    private void checkLeader(ClusterPicture picture) {
        String leader =
                picture.view()
                        .leader()
                        .orElseThrow(() -> new CtlError("This cluster has no leader"));
        String named =
                wish.leader()
                        .orElseGet(
                                () ->
                                        wish.force()
                                                ? leader
                                                : console.prompt(
                                                        picture.isStandbyCluster()
                                                                ? "Standby Leader"
                                                                : "Primary",
                                                        leader));
        if (!named.equals(leader)) {
            throw new CtlError(
                    "Member " + named + " is not the leader of cluster " + session.cluster());
        }
    }

    private Optional<String> candidate(ClusterView view) {
        List<String> candidates =
                view.members().values().stream()
                        .filter(member -> !member.tags().nofailover())
                        .map(Member::name)
                        .filter(name -> !view.isLeader(name))
                        .toList();
        if (candidates.isEmpty()) {
            throw new CtlError("No candidates found to " + action + " to");
        }
        Optional<String> candidate =
                wish.candidate()
                        .or(
                                () ->
                                        wish.force()
                                                ? Optional.empty()
                                                : Optional.of(
                                                        console.prompt(
                                                                "Candidate " + quoted(candidates),
                                                                "")))
                        .filter(name -> !name.isEmpty());
        if (candidate.isEmpty() && !wish.switchover()) {
            throw new CtlError("Failover could be performed only to a specific candidate");
        }
        candidate
                .filter(name -> !candidates.contains(name))
                .ifPresent(name -> refuseCandidate(view, name));
        return candidate;
    }

    /** As the peer's language prints a list of names. */
    private static String quoted(List<String> names) {
        return names.stream()
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private void refuseCandidate(ClusterView view, String name) {
        throw new CtlError(
                view.isLeader(name)
                        ? "Member "
                                + name
                                + " is already the leader of cluster "
                                + session.cluster()
                        : "Member "
                                + name
                                + " does not exist in cluster "
                                + session.cluster()
                                + " or is tagged as nofailover");
    }

    private void confirmAsynchronous(ClusterPicture picture, Optional<String> candidate) {
        boolean asynchronous =
                !wish.switchover()
                        && picture.settings().synchronousMode() != SynchronousMode.OFF
                        && !picture.view().sync().isEmpty()
                        && candidate.filter(picture.view().sync()::isVoter).isEmpty();
        if (asynchronous
                && !wish.force()
                && !console.confirm(
                        "Are you sure you want to failover to the asynchronous node "
                                + candidate.orElseThrow()
                                + "?")) {
            throw new CtlError("Aborting failover");
        }
    }

    private Optional<OffsetDateTime> schedule(ClusterPicture picture) {
        String text =
                wish.scheduled()
                        .orElseGet(
                                () ->
                                        wish.force()
                                                ? "now"
                                                : console.prompt(
                                                        "When should the switchover take place (e.g. "
                                                                + OperatorTime.example(
                                                                        surroundings.clock())
                                                                + " ) ",
                                                        "now"));
        Optional<OffsetDateTime> at = OperatorTime.parse(text, surroundings.clock());
        if (at.isPresent() && picture.settings().pause()) {
            throw new CtlError("Can't schedule switchover in the paused state");
        }
        return at;
    }

    private void confirm(ClusterView view, Optional<OffsetDateTime> at) {
        String demoting = view.leader().map(name -> ", demoting current leader " + name).orElse("");
        String question =
                at.map(
                                time ->
                                        "schedule switchover of cluster "
                                                + session.cluster()
                                                + " at "
                                                + IsoTime.text(time))
                        .orElse(action + " cluster " + session.cluster());
        if (!console.confirm("Are you sure you want to " + question + demoting + "?")) {
            throw new CtlError("Aborting " + (at.isPresent() ? "scheduled " : "") + action);
        }
    }

    private Verdict request(
            ClusterView view, Optional<String> candidate, Optional<OffsetDateTime> at) {
        Optional<String> leader = wish.switchover() ? view.leader() : Optional.empty();
        Member receiver =
                view.leaderMember()
                        .or(() -> candidate.map(view.members()::get))
                        .orElseThrow(() -> new CtlError("This cluster has no leader"));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("candidate", candidate.orElse(null));
        leader.ifPresent(name -> body.put("leader", name));
        at.ifPresent(time -> body.put("scheduled_at", IsoTime.text(time)));
        try {
            return report(send(receiver, body));
        } catch (ApiException e) {
            if (e.mayHaveArrived()) {
                console.line(
                        capitalized() + " result unknown, details: no answer, " + e.getMessage());
                return Verdict.UNKNOWN;
            }
            return throughStore(new FailoverRequest(leader, candidate, at, Optional.empty()), e);
        }
    }

    /** Servers of old versions know one of the two paths only. */
    private ApiAnswer send(Member receiver, Map<String, Object> body) throws ApiException {
        ApiAnswer answer =
                session.api()
                        .send(receiver, "POST", "/" + action, Optional.of(body), MemberApi.LONG);
        boolean unknownPath =
                answer.status() == 501
                        && answer.body().contains("Server does not support this operation");
        return unknownPath
                ? session.api()
                        .send(receiver, "POST", "/failover", Optional.of(body), MemberApi.LONG)
                : answer;
    }

    private Verdict report(ApiAnswer answer) {
        if (answer.status() == 200 || answer.status() == 202) {
            console.line(OperatorTime.stamp(surroundings.clock()) + " " + answer.body());
            printTable(session.picture());
            return Verdict.DONE;
        }
        boolean unknown = answer.body().contains("status unknown");
        console.line(
                capitalized()
                        + (unknown ? " result unknown" : " failed")
                        + ", details: "
                        + answer.status()
                        + ", "
                        + answer.body());
        RefusedLogin.explain(console, answer);
        return unknown ? Verdict.UNKNOWN : Verdict.REFUSED;
    }

    private String capitalized() {
        return wish.switchover() ? "Switchover" : "Failover";
    }

    /** Nobody took the request: the members find it in the store. */
    private Verdict throughStore(FailoverRequest request, ApiException cause) {
        console.errorLine(cause.getMessage());
        if (options.debug()) {
            console.trace(cause);
        }
        console.errorLine("Failing over to DCS");
        console.line(
                OperatorTime.stamp(surroundings.clock())
                        + " Could not "
                        + action
                        + " using Patroni api, falling back to DCS");
        if (session.store().failover(request, Guard.any()) instanceof Outcome.Refused<?> refused) {
            throw new CtlError("The store refused the request: " + refused.detail());
        }
        printTable(session.picture());
        // The request stands in the store; nobody has acted on it yet.
        return Verdict.UNKNOWN;
    }
}
