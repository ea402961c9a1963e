package io.matriarch.cli;

import io.matriarch.engine.model.Member;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "reload", description = "Make members read their local configuration again.")
final class ReloadCommand extends CtlCommand {
    @Mixin private MemberChoice choice;
    @Mixin private RoleChoice role;
    @Mixin private Force force;

    @Override
    Verdict act() {
        try (CtlSession session = open(choice.cluster())) {
            ClusterPicture picture = session.picture();
            MemberSelection selection = new MemberSelection(console(), picture, force.given());
            List<Member> members = selection.select(choice.names(), role.role());
            selection.confirm("reload", members);
            MemberRequests requests = new MemberRequests(session, console(), options());
            long loopWait = picture.settings().loopWait().toSeconds();
            return members.stream()
                    .map(member -> reload(requests, member, loopWait))
                    .reduce(Verdict.DONE, Verdict::worse);
        }
    }

    private Verdict reload(MemberRequests requests, Member member, long loopWaitSeconds) {
        return requests.send(
                member,
                "reload",
                "POST",
                "/reload",
                Optional.of(Map.of()),
                MemberApi.SHORT,
                answer -> {
                    switch (answer.status()) {
                        case 200:
                            console().line("No changes to apply on member " + member.name());
                            return Verdict.DONE;
                        case 202:
                            console()
                                    .line(
                                            "Reload request received for member "
                                                    + member.name()
                                                    + " and will be processed within "
                                                    + loopWaitSeconds
                                                    + " seconds");
                            return Verdict.DONE;
                        default:
                            return requests.plain("reload", member, answer);
                    }
                });
    }
}
