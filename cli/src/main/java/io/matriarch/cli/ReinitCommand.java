package io.matriarch.cli;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.model.MemberState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "reinit", description = "Make replicas anew from a copy.")
final class ReinitCommand extends CtlCommand {
    private static final Duration POLL = Duration.ofSeconds(2);

    @Mixin private MemberChoice choice;
    @Mixin private Force force;

    @Option(names = "--from-leader", description = "Copy from the leader only.")
    private boolean fromLeader;

    @Option(names = "--wait", description = "Wait until the copies are made.")
    private boolean wait;

    @Override
    Verdict act() throws InterruptedException {
        try (CtlSession session = open(choice.cluster())) {
            MemberSelection selection =
                    new MemberSelection(console(), session.picture(), force.given());
            List<Member> members = selection.selectForReinit(choice.names());
            if (members.isEmpty()) {
                return Verdict.DONE;
            }
            selection.confirm("reinitialize", members);
            MemberRequests requests = new MemberRequests(session, console(), options());
            Verdict verdict = Verdict.DONE;
            List<Member> started = new ArrayList<>();
            for (Member member : members) {
                Verdict one = start(requests, member, force.given());
                verdict = verdict.worse(one);
                if (one == Verdict.DONE) {
                    started.add(member);
                }
            }
            if (wait && !started.isEmpty()) {
                verdict = verdict.worse(await(session, started));
            }
            return verdict;
        }
    }

    private Verdict start(MemberRequests requests, Member member, boolean cancelOther) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("force", cancelOther);
        body.put("from_leader", fromLeader);
        return requests.send(
                member,
                "reinitialize",
                "POST",
                "/reinitialize",
                Optional.of(body),
                MemberApi.SHORT,
                answer -> {
                    Verdict verdict = requests.plain("reinitialize", member, answer);
                    boolean busy = answer.body().endsWith(" already in progress");
                    return busy
                                    && !cancelOther
                                    && console()
                                            .confirm(
                                                    "Do you want to cancel it and reinitialize"
                                                            + " anyway?")
                            ? start(requests, member, true)
                            : verdict;
                });
    }

    /**
     * Ends for a member when its state is no longer that of a copy being made; a failed copy is
     * over as well, and shows in the list.
     */
    private Verdict await(CtlSession session, List<Member> members) throws InterruptedException {
        List<Member> waiting = new ArrayList<>(members);
        console()
                .line("Waiting for reinitialize to complete on: " + MemberSelection.names(waiting));
        while (!waiting.isEmpty()) {
            surroundings().nap().take(POLL);
            for (Member member : List.copyOf(waiting)) {
                if (!isCopying(session, member)) {
                    console().line("Reinitialize is completed on: " + member.name());
                    waiting.remove(member);
                }
            }
        }
        return Verdict.DONE;
    }

    private boolean isCopying(CtlSession session, Member member) {
        try {
            ApiAnswer answer =
                    session.api()
                            .send(member, "GET", "/patroni", Optional.empty(), MemberApi.SHORT);
            return MemberState.CREATING_REPLICA
                    .text()
                    .equals(Json.object(answer.body()).get("state"));
        } catch (ApiException | IllegalArgumentException e) {
            // No usable answer says nothing about the copy: it is asked again.
            if (options().debug()) {
                console().trace(e);
            }
            return true;
        }
    }
}
