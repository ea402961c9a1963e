package io.matriarch.cli;

import io.matriarch.engine.model.Member;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "reload", description = "Make members read their local configuration again.")
final class ReloadCommand extends CtlCommand {
    @Parameters(index = "0", paramLabel = "CLUSTER", description = "Name of the cluster.")
    private String cluster;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "MEMBERS",
            description = "Names of members.")
    private List<String> names = List.of();

    @Option(
            names = {"-r", "--role"},
            paramLabel = RoleFilter.WORDS,
            converter = RoleFilter.Word.class,
            description = "Only members of this role.")
    private RoleFilter role = RoleFilter.ANY;

    @Option(names = "--force", description = "Do not ask.")
    private boolean force;

    @Override
    Verdict act() {
        try (CtlSession session = open(Optional.of(cluster))) {
            ClusterPicture picture = session.picture();
            MemberSelection selection = new MemberSelection(console(), picture, force);
            List<Member> members = selection.select(names, role);
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
