package io.matriarch.cli;

import io.matriarch.engine.model.Member;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns maintenance mode on or off, and waits for the members if asked to. */
final class PauseFlow {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Console console;
    private final Surroundings.Nap nap;
    private final CtlSession session;
    private final boolean pause;

    PauseFlow(Surroundings surroundings, CtlSession session, boolean pause) {
        this.console = surroundings.console();
        this.nap = surroundings.nap();
        this.session = session;
        this.pause = pause;
    }

    Verdict run(boolean wait) throws InterruptedException {
        ClusterPicture picture = session.picture();
        if (picture.settings().pause() == pause) {
            throw new CtlError(pause ? "Cluster is already paused" : "Cluster is not paused");
        }
        ApiAnswer answer = patch(picture);
        if (answer.status() != 200) {
            console.line(
                    "Failed: "
                            + word()
                            + " cluster management status code="
                            + answer.status()
                            + ", ("
                            + answer.body()
                            + ")");
            RefusedLogin.explain(console, answer);
            return Verdict.REFUSED;
        }
        if (wait) {
            return await(picture.settings().loopWait().plus(LOOK));
        }
        return success();
    }

    /** The leader first; any other member will do. */
    private ApiAnswer patch(ClusterPicture picture) {
        Optional<Map<String, Object>> body =
                Optional.of(Collections.singletonMap("pause", pause ? true : null));
        for (Member member : FlushCommand.leaderFirst(picture.view())) {
            try {
                return session.api().send(member, "PATCH", "/config", body, MemberApi.SHORT);
            } catch (ApiException e) {
                // Sending it again to another member is harmless: it asks for the same state.
                console.errorLine(member.name() + ": " + e.getMessage());
            }
        }
        throw new CtlError("Can not find accessible cluster member");
    }

    private Verdict await(Duration limit) throws InterruptedException {
        console.line("'" + word() + "' request sent, waiting until it is recognized by all nodes");
        List<String> missing = missing();
        long looks = limit.dividedBy(LOOK);
        for (long look = 0; look < looks && !missing.isEmpty(); look++) {
            nap.take(LOOK);
            missing = missing();
        }
        if (missing.isEmpty()) {
            return success();
        }
        console.line(
                String.join(", ", missing)
                        + " members didn't recognized "
                        + word()
                        + " state after "
                        + limit.minus(LOOK).toSeconds()
                        + " seconds");
        return Verdict.UNKNOWN;
    }

    private List<String> missing() {
        return session.picture().view().members().values().stream()
                .filter(member -> member.apiUrl().isPresent() && member.pause() != pause)
                .map(Member::name)
                .toList();
    }

    private Verdict success() {
        console.line("Success: cluster management is " + (pause ? "paused" : "resumed"));
        return Verdict.DONE;
    }

    private String word() {
        return pause ? "pause" : "resume";
    }
}
