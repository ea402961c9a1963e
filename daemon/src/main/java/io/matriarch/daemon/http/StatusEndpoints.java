package io.matriarch.daemon.http;

import io.matriarch.engine.codec.Product;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.model.HistoryLine;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.port.MemberReport;
import io.matriarch.engine.rest.HealthChecks;
import io.matriarch.engine.rest.StatusDocument;
import io.matriarch.spi.Ticker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Everything that is answered from memory. */
final class StatusEndpoints {
    private final MemberControl control;
    private final Ticker ticker;

    StatusEndpoints(MemberControl control, Ticker ticker) {
        this.control = control;
        this.ticker = ticker;
    }

    /** A load balancer's question; the body is for people. */
    CompletionStage<Response> health(Request request) {
        MemberReport report = control.report();
        int code = HealthChecks.code(request.target(), report);
        return now(
                request.method().equals("GET")
                        ? Response.json(code, document(report))
                        : Response.bare(code));
    }

    CompletionStage<Response> status(Request request) {
        return now(Response.json(200, document(control.report())));
    }

    CompletionStage<Response> liveness(Request request) {
        return now(Response.bare(HealthChecks.liveness(control.report(), ticker.nanos())));
    }

    CompletionStage<Response> readiness(Request request) {
        return now(Response.bare(HealthChecks.readiness(request.target(), control.report())));
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
