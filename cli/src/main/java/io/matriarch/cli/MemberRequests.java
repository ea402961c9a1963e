package io.matriarch.cli;

import io.matriarch.engine.model.Member;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Requests to one member after another, each answer told in one line; the worst one counts. */
final class MemberRequests {
    private final CtlSession session;
    private final Console console;
    private final GlobalOptions options;

    MemberRequests(CtlSession session, Console console, GlobalOptions options) {
        this.session = session;
        this.console = console;
        this.options = options;
    }

    /**
     * @param action for the line that reports a failure
     * @param report what an answer means
     */
    Verdict send(
            Member member,
            String action,
            String method,
            String path,
            Optional<Map<String, Object>> body,
            Duration limit,
            Function<ApiAnswer, Verdict> report) {
        try {
            return report.apply(session.api().send(member, method, path, body, limit));
        } catch (ApiException e) {
            console.line(
                    "Failed: " + action + " for member " + member.name() + ", " + e.getMessage());
            if (options.debug()) {
                console.trace(e);
            }
            return e.mayHaveArrived() ? Verdict.UNKNOWN : Verdict.REFUSED;
        }
    }

    Verdict success(String line) {
        console.line("Success: " + line);
        return Verdict.DONE;
    }

    Verdict refused(String line) {
        console.line("Failed: " + line);
        return Verdict.REFUSED;
    }

    /** The line for an answer that needs no words of its own. */
    Verdict plain(String action, Member member, ApiAnswer answer) {
        if (answer.status() == 200) {
            return success(action + " for member " + member.name());
        }
        Verdict verdict =
                refused(
                        action
                                + " for member "
                                + member.name()
                                + ", status code="
                                + answer.status()
                                + ", ("
                                + answer.body()
                                + ")");
        RefusedLogin.explain(console, answer);
        return verdict;
    }
}
