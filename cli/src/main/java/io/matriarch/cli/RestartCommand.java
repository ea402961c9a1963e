package io.matriarch.cli;

import io.matriarch.engine.codec.IsoTime;
import io.matriarch.engine.model.Member;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "restart", description = "Restart PostgreSQL on members.")
final class RestartCommand extends CtlCommand {
    @Mixin private MemberChoice choice;
    @Mixin private RoleChoice role;
    @Mixin private Force force;
    @Mixin private Appointment appointment;

    @Option(names = "--any", description = "Only one member, picked at random.")
    private boolean any;

    @Option(
            names = "--pg-version",
            paramLabel = "VERSION",
            description = "Only if PostgreSQL is older than this.")
    private String version;

    @Option(names = "--pending", description = "Only if a restart is pending.")
    private boolean pending;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long PostgreSQL may take to start.")
    private String timeout;

    @Override
    Verdict act() {
        try (CtlSession session = open(choice.cluster())) {
            ClusterPicture picture = session.picture();
            MemberSelection selection = new MemberSelection(console(), picture, force.given());
            List<Member> selected = selection.select(choice.names(), role.role());
            Optional<OffsetDateTime> at = schedule();
            List<Member> members = withPending(picture, selected, at);
            if (members.isEmpty()) {
                return Verdict.DONE;
            }
            confirm(selection, members, at);
            List<Member> chosen =
                    any
                            ? List.of(
                                    members.get(
                                            ThreadLocalRandom.current().nextInt(members.size())))
                            : members;
            Map<String, Object> body = body(at);
            if (at.isPresent() && picture.settings().pause()) {
                throw new CtlError("Can't schedule restart in the paused state");
            }
            MemberRequests requests = new MemberRequests(session, console(), options());
            return chosen.stream()
                    .map(member -> restart(requests, member, body))
                    .reduce(Verdict.DONE, Verdict::worse);
        }
    }

    private Optional<OffsetDateTime> schedule() {
        String text = appointment.text().orElseGet(() -> force.given() ? "now" : askTime());
        return OperatorTime.parse(text, surroundings().clock());
    }

    private String askTime() {
        return console()
                .prompt(
                        "When should the restart take place (e.g. "
                                + OperatorTime.example(surroundings().clock())
                                + ") ",
                        "now");
    }

    /** A scheduled restart looks at the flag when its time has come, not now. */
    private List<Member> withPending(
            ClusterPicture picture, List<Member> members, Optional<OffsetDateTime> at) {
        return pending && at.isEmpty()
                ? members.stream()
                        .filter(member -> picture.isRestartPending(member.name()))
                        .toList()
                : members;
    }

    private void confirm(
            MemberSelection selection, List<Member> members, Optional<OffsetDateTime> at) {
        if (at.isEmpty()) {
            selection.confirm("restart", members);
            return;
        }
        String time = IsoTime.text(at.get(), ' ');
        selection.ask(
                pending
                        ? "Are you sure you want to schedule restart of those members of "
                                + MemberSelection.names(members)
                                + " that have a pending restart at "
                                + time
                                + " (they are determined at that time)?"
                        : "Are you sure you want to schedule restart of members "
                                + MemberSelection.names(members)
                                + " at "
                                + time
                                + "?",
                "scheduled restart");
    }

    private Map<String, Object> body(Optional<OffsetDateTime> at) {
        String limit = version;
        if (limit == null && !force.given()) {
            limit =
                    console()
                            .prompt(
                                    "Restart if the PostgreSQL version is less than provided (e.g."
                                            + " 9.5.2) ",
                                    "");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        if (pending) {
            body.put("restart_pending", true);
        }
        if (limit != null && !limit.isBlank()) {
            body.put("postgres_version", checkedVersion(limit.strip()));
        }
        at.ifPresent(time -> body.put("schedule", IsoTime.text(time)));
        if (timeout != null) {
            body.put("timeout", timeout);
        }
        return body;
    }

    /** {@code X.Y} from version 10 on, {@code X.Y.Z} before. */
    private static String checkedVersion(String text) {
        if (!text.matches("\\d+(\\.\\d+)*")) {
            throw new CtlError("Invalid PostgreSQL version: " + text);
        }
        String[] parts = text.split("\\.");
        boolean modern = parts.length == 2 && Long.parseLong(parts[0]) >= 10;
        if (!modern && parts.length != 3) {
            throw new CtlError(
                    "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: " + text);
        }
        return text;
    }

    private Verdict restart(MemberRequests requests, Member member, Map<String, Object> body) {
        if (body.containsKey("schedule")
                && force.given()
                && member.scheduledRestart().isPresent()) {
            Verdict flushed = FlushCommand.restart(requests, member);
            if (flushed != Verdict.DONE) {
                return flushed;
            }
        }
        return requests.send(
                member,
                "restart",
                "POST",
                "/restart",
                Optional.of(body),
                MemberApi.LONG,
                answer -> report(requests, member, answer));
    }

    private static Verdict report(MemberRequests requests, Member member, ApiAnswer answer) {
        return switch (answer.status()) {
            case 200 -> requests.success("restart on member " + member.name());
            case 202 -> requests.success("restart scheduled on member " + member.name());
            case 409 ->
                    requests.refused(
                            "another restart is already scheduled on member " + member.name());
            default -> requests.plain("restart", member, answer);
        };
    }
}
