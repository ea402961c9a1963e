package io.matriarch.daemon.http;

import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.rest.ClusterDocument;
import io.matriarch.spi.Guard;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What concerns the whole cluster and its dynamic configuration. */
final class ClusterEndpoints {
    private final MemberControl control;
    private final ClusterStore store;
    private final DynamicRules rules;
    private final StoreThreads threads;

    ClusterEndpoints(
            MemberControl control, ClusterStore store, DynamicRules rules, StoreThreads threads) {
        this.control = control;
        this.store = store;
        this.rules = rules;
        this.threads = threads;
    }

    /** Always a fresh read. */
    CompletionStage<Response> cluster(Request request) {
        return threads.answer(
                () -> {
                    ClusterView view = store.read();
                    return Response.json(
                            200,
                            ClusterDocument.of(
                                    view,
                                    rules.settings().apply(view.config().orElse(Map.of())),
                                    control.report().scope()));
                });
    }

    /** As stored, from the latest view if there is one. */
    CompletionStage<Response> config(Request request) {
        Optional<ClusterView> known = control.report().lastView();
        return known.isPresent()
                ? CompletableFuture.completedFuture(config(known.get()))
                : threads.answer(() -> config(store.read()));
    }

    private static Response config(ClusterView view) {
        return view.config()
                .map(document -> Response.json(200, document))
                .orElseGet(() -> Response.page(502));
    }

    /** Merges into what is stored, unless somebody was faster. */
    CompletionStage<Response> patchConfig(Request request) {
        RequestBody body = RequestBody.required(request);
        return body.refusal().isPresent()
                ? CompletableFuture.completedFuture(body.refusal().get())
                : threads.answer(() -> patch(body.object()));
    }

    private Response patch(Map<String, Object> patch) {
        ClusterView view = store.read();
        if (view.config().isEmpty() || view.configVersion().isEmpty()) {
            return Response.page(503);
        }
        Map<String, Object> before = view.config().get();
        Map<String, Object> after = rules.patch().apply(before, patch);
        if (after.equals(before)) {
            return Response.json(200, after);
        }
        if (!store.config(after, Guard.version(view.configVersion().get())).isApplied()) {
            return Response.page(409);
        }
        control.wake();
        return Response.json(200, after);
    }

    /** Replaces what is stored, whatever it is. */
    CompletionStage<Response> putConfig(Request request) {
        RequestBody body = RequestBody.required(request);
        return body.refusal().isPresent()
                ? CompletableFuture.completedFuture(body.refusal().get())
                : threads.answer(() -> put(body.object()));
    }

    private Response put(Map<String, Object> document) {
        boolean same = store.read().config().filter(document::equals).isPresent();
        if (!same && !store.config(document, Guard.any()).isApplied()) {
            return Response.page(502);
        }
        control.wake();
        return Response.json(200, document);
    }
}
