package io.matriarch.daemon.http;

import io.matriarch.engine.port.LocalState;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.port.PostgresStatus;
import io.matriarch.engine.rest.RestartRequest;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What concerns this member alone. */
final class MemberEndpoints {
    private static final Logger LOG = LoggerFactory.getLogger(MemberEndpoints.class);
    private static final Set<String> YES = Set.of("true", "on", "yes", "1");

    private final MemberControl control;
    private final Runnable reload;
    private final Clock clock;

    MemberEndpoints(MemberControl control, Runnable reload, Clock clock) {
        this.control = control;
        this.reload = reload;
        this.clock = clock;
    }

    /** Answers when the restart is over, or at once if it is planned for later. */
    CompletionStage<Response> restart(Request request) {
        RequestBody body = RequestBody.optional(request);
        if (body.refusal().isPresent()) {
            return now(body.refusal().get());
        }
        MemberReport report = control.report();
        RestartRequest order =
                RestartRequest.of(
                        body.object(), report.settings().pause(), OffsetDateTime.now(clock));
        if (order.refusal().isPresent()) {
            return now(Response.of(order.refusal().get()));
        }
        if (order.at().isPresent()) {
            return now(
                    Response.of(
                            control.scheduleRestart(
                                    order.plan(order.at().get(), startTime(report)))));
        }
        return control.restart(order.order(), order.timeout())
                .thenApply(Response::of)
                .exceptionally(
                        failure -> {
                            LOG.error("the restart failed", failure);
                            return Response.text(400, "restart failed");
                        });
    }

    private static String startTime(MemberReport report) {
        return report.local()
                .flatMap(LocalState::status)
                .map(PostgresStatus::postmasterStartTime)
                .orElse("");
    }

    CompletionStage<Response> cancelRestart(Request request) {
        return now(
                control.cancelScheduledRestart()
                        ? Response.text(200, "scheduled restart deleted")
                        : Response.text(404, "no restarts are scheduled"));
    }

    /** A body that cannot be read is refused: it might have asked for less than everything. */
    CompletionStage<Response> reinitialize(Request request) {
        RequestBody body = RequestBody.optional(request);
        return body.refusal().isPresent()
                ? now(body.refusal().get())
                : control.reinitialize(
                                flag(body.object(), "force"), flag(body.object(), "from_leader"))
                        .thenApply(Response::of);
    }

    CompletionStage<Response> reload(Request request) {
        reload.run();
        return now(Response.text(202, "reload scheduled"));
    }

    private static boolean flag(Map<String, Object> body, String key) {
        Object value = body.get(key);
        return value != null && YES.contains(value.toString().toLowerCase(Locale.ROOT));
    }

    private static CompletionStage<Response> now(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
