package io.matriarch.cli;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.codec.Product;
import io.matriarch.engine.model.Member;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "version", description = "Show the versions of the tool and of members.")
final class VersionCommand extends CtlCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "CLUSTER",
            description = "Name of the cluster.")
    private String cluster;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "MEMBERS",
            description = "Names of members.")
    private List<String> names = List.of();

    @Override
    Verdict act() {
        String own =
                surroundings().isStrictByName()
                        ? Product.version() + " (works as Patroni " + Product.PEER_VERSION + ")"
                        : Product.PEER_VERSION;
        console().line(surroundings().name() + " version " + own);
        if (cluster == null) {
            return Verdict.DONE;
        }
        console().line("");
        try (CtlSession session = open(Optional.of(cluster))) {
            return session.picture().view().members().values().stream()
                    .filter(member -> names.isEmpty() || names.contains(member.name()))
                    .map(member -> show(session, member))
                    .reduce(Verdict.DONE, Verdict::worse);
        }
    }

    private Verdict show(CtlSession session, Member member) {
        try {
            ApiAnswer answer =
                    session.api()
                            .send(member, "GET", "/patroni", Optional.empty(), MemberApi.SHORT);
            console().line(member.name() + ": " + versions(Json.object(answer.body())));
            return Verdict.DONE;
        } catch (ApiException | IllegalArgumentException e) {
            console().line(member.name() + ": failed to get version: " + e.getMessage());
            return Verdict.REFUSED;
        }
    }

    private static String versions(Map<String, Object> status) {
        Object version = status.get("patroni") instanceof Map<?, ?> map ? map.get("version") : null;
        String text = "Patroni " + (version == null ? "unknown" : version);
        return status.get("server_version") instanceof Number number
                ? text + " PostgreSQL " + postgres(number.intValue())
                : text;
    }

    /** 150018 is 15.18; before version 10 there were three parts: 90624 is 9.6.24. */
    private static String postgres(int number) {
        int major = number / 10000;
        int rest = number % 10000;
        return major >= 10 ? major + "." + rest : major + "." + rest / 100 + "." + rest % 100;
    }
}
