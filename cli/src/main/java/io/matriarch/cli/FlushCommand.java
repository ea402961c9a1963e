package io.matriarch.cli;

import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.Member;
import io.matriarch.spi.Guard;
import io.matriarch.spi.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "flush",
        customSynopsis = "${COMMAND-FULL-NAME} [OPTIONS] CLUSTER [MEMBERS...] {restart|switchover}",
        description = "Discard scheduled events.")
final class FlushCommand extends CtlCommand {
    private static final String RESTART = "restart";
    private static final String SWITCHOVER = "switchover";

    @Spec private CommandSpec spec;

    @Parameters(
            arity = "2..*",
            paramLabel = "CLUSTER [MEMBERS...] {restart|switchover}",
            description = "The cluster, names of members, and what to discard.")
    private List<String> words = List.of();

    @Mixin private RoleChoice role;
    @Mixin private Force force;

    @Override
    Verdict act() {
        String target = words.get(words.size() - 1);
        if (!target.equals(RESTART) && !target.equals(SWITCHOVER)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for '{restart|switchover}': '"
                            + target
                            + "' is not one of 'restart', 'switchover'.");
        }
        try (CtlSession session = open(Optional.of(words.get(0)))) {
            return target.equals(RESTART)
                    ? restarts(session, words.subList(1, words.size() - 1))
                    : switchover(session);
        }
    }

    private Verdict restarts(CtlSession session, List<String> names) {
        MemberSelection selection =
                new MemberSelection(console(), session.picture(), force.given());
        List<Member> members = selection.select(names, role.role());
        selection.confirm("flush", members);
        MemberRequests requests = new MemberRequests(session, console(), options());
        Verdict verdict = Verdict.DONE;
        for (Member member : members) {
            if (member.scheduledRestart().isPresent()) {
                verdict = verdict.worse(restart(requests, member));
            } else {
                console().line("No scheduled restart for member " + member.name());
            }
        }
        return verdict;
    }

    /** Discards the scheduled restart of one member. */
    static Verdict restart(MemberRequests requests, Member member) {
        return requests.send(
                member,
                "flush scheduled restart",
                "DELETE",
                "/restart",
                Optional.empty(),
                MemberApi.SHORT,
                answer -> requests.plain("flush scheduled restart", member, answer));
    }

    private Verdict switchover(CtlSession session) {
        ClusterView view = session.picture().view();
        if (view.failover().filter(request -> request.isScheduled()).isEmpty()) {
            console().line("No pending scheduled switchover");
            return Verdict.DONE;
        }
        for (Member member : leaderFirst(view)) {
            try {
                ApiAnswer answer =
                        session.api()
                                .send(
                                        member,
                                        "DELETE",
                                        "/switchover",
                                        Optional.empty(),
                                        MemberApi.SHORT);
                if (answer.status() == 200) {
                    console().line("Success: " + answer.body());
                    return Verdict.DONE;
                }
                if (answer.status() == 404) {
                    console().line("Failed: " + answer.body());
                    return Verdict.REFUSED;
                }
                console()
                        .line(
                                "Failed: member="
                                        + member.name()
                                        + ", status_code="
                                        + answer.status()
                                        + ", ("
                                        + answer.body()
                                        + ")");
                RefusedLogin.explain(console(), answer);
            } catch (ApiException e) {
                console().errorLine("Failed: member=" + member.name() + ", " + e.getMessage());
            }
        }
        return throughStore(session, view);
    }

    static List<Member> leaderFirst(ClusterView view) {
        List<Member> members = new ArrayList<>();
        view.leaderMember().ifPresent(members::add);
        view.members().values().stream()
                .filter(member -> !view.isLeader(member.name()))
                .forEach(members::add);
        return members;
    }

    /** Guarded: a request that was made since is not discarded with the old one. */
    private Verdict throughStore(CtlSession session, ClusterView view) {
        console().errorLine("No member did it, falling back to DCS");
        Guard guard = view.failoverVersion().map(Guard::version).orElseGet(Guard::any);
        if (session.store().clearFailover(guard) instanceof Outcome.Refused<?>) {
            console().line("Failed: the request was changed meanwhile");
            return Verdict.REFUSED;
        }
        console().line("Success: scheduled switchover deleted");
        return Verdict.DONE;
    }
}
