package io.matriarch.daemon.http;

import io.matriarch.engine.codec.Product;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.rest.HealthChecks;
import io.matriarch.engine.rest.StatusDocument;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What this member says about itself. */
final class StatusEndpoints {
    /** Load balancers may ask often: they share what one look at PostgreSQL found. */
    private static final Duration YOUNG = Duration.ofSeconds(1);

    private final MemberControl control;
    private final Freshness freshness;
    private final Ticker ticker;

    StatusEndpoints(MemberControl control, Freshness freshness, Ticker ticker) {
        this.control = control;
        this.freshness = freshness;
        this.ticker = ticker;
    }

    /** A load balancer's question; the body is for people. */
    CompletionStage<Response> health(Request request) {
        if (!HealthChecks.asksPostgres(request.target())) {
            return now(health(request, control.report()));
        }
        return freshness.report(YOUNG).thenApply(report -> health(request, report));
    }

    private Response health(Request request, MemberReport report) {
        int code = HealthChecks.code(request.target(), report);
        return request.method().equals("GET")
                ? Response.json(code, document(report))
                : Response.bare(code);
    }

    /** Peers compare positions in a race: what they get was looked up after they asked. */
    CompletionStage<Response> status(Request request) {
        return freshness
                .report(Duration.ZERO)
                .thenApply(report -> Response.json(200, document(report)));
    }

    CompletionStage<Response> liveness(Request request) {
        return now(Response.bare(HealthChecks.liveness(control.report(), ticker.nanos())));
    }

    CompletionStage<Response> readiness(Request request) {
        MemberReport known = control.report();
        return known.holdsLease()
                ? now(Response.bare(HealthChecks.readiness(request.target(), known)))
                : freshness
                        .report(YOUNG)
                        .thenApply(
                                report ->
                                        Response.bare(
                                                HealthChecks.readiness(request.target(), report)));
    }

    CompletionStage<Response> history(Request request) {
        return now(
                Response.json(
                        200,
                        control
                                .report()
                                .lastView()
                                .flatMap(ClusterView::history)
                                .orElse(List.of())
                                .stream()
                                .map(StatusEndpoints::line)
                                .toList()));
    }

    /** What the peer shows, and under one more name what only this product has to say. */
    private Map<String, Object> document(MemberReport report) {
        Map<String, Object> document = StatusDocument.of(report);
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("version", Product.version());
        own.put("rule", report.rule());
        own.put("message", report.message());
        report.action().ifPresent(action -> own.put("action", action));
        own.putAll(control.facts());
        document.put("matriarch", own);
        return document;
    }

    private static List<Object> line(HistoryLine line) {
        List<Object> items = new ArrayList<>();
        items.add(line.timeline());
        items.add(line.switchedAt().bytes());
        items.add(line.reason());
        line.time().ifPresent(items::add);
        line.newLeader().ifPresent(items::add);
        return items;
    }

    private static CompletionStage<Response> now(Response response) {
        return CompletableFuture.completedFuture(response);
    }
}
