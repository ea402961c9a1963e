package io.matriarch.daemon.http;

import io.matriarch.engine.codec.ClusterStore;
import io.matriarch.engine.config.ConfigException;
import io.matriarch.engine.config.DynamicConfig;
import io.matriarch.engine.model.ClusterView;
import io.matriarch.engine.port.MemberControl;
import io.matriarch.engine.rest.ClusterDocument;
import io.matriarch.spi.Guard;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What concerns the whole cluster and its dynamic configuration. */
final class ClusterEndpoints {
    private final MemberControl control;
    private final ClusterStore store;
    private final StoreThreads threads;

    ClusterEndpoints(MemberControl control, ClusterStore store, StoreThreads threads) {
        this.control = control;
        this.store = store;
        this.threads = threads;
    }

    /** Always a fresh read. */
    CompletionStage<Response> cluster(Request request) {
        return threads.answer(
                () ->
                        Response.json(
                                200, ClusterDocument.of(store.read(), control.report().scope())));
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
                : threads.answer(() -> patch(body.object(), forced(request)));
    }

    private Response patch(Map<String, Object> patch, boolean forced) {
        ClusterView view = store.read();
        if (view.config().isEmpty() || view.configVersion().isEmpty()) {
            return Response.page(503);
        }
        Map<String, Object> before = view.config().get();
        Map<String, Object> after = DynamicConfig.patch(before, patch);
        if (after.equals(before)) {
            return Response.json(200, after);
        }
        Optional<Response> refusal = forced ? Optional.empty() : refusal(before, after);
        if (refusal.isPresent()) {
            return refusal.get();
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
                : threads.answer(() -> put(body.object(), forced(request)));
    }

    private Response put(Map<String, Object> document, boolean forced) {
        Map<String, Object> before = store.read().config().orElse(Map.of());
        if (before.equals(document)) {
            return Response.json(200, document);
        }
        Optional<Response> refusal = forced ? Optional.empty() : refusal(before, document);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        if (!store.config(document, Guard.any()).isApplied()) {
            return Response.page(502);
        }
        control.wake();
        return Response.json(200, document);
    }

    /**
     * A change that would leave the members with unusable timing. A document that is unusable
     * already may be changed in any way: the change may be the way out.
     */
    private static Optional<Response> refusal(
            Map<String, Object> before, Map<String, Object> after) {
        return problem(before).isPresent()
                ? Optional.empty()
                : problem(after).map(text -> Response.json(422, List.of(Map.of("problem", text))));
    }

    private static Optional<String> problem(Map<String, Object> document) {
        try {
            DynamicConfig.settings(document);
            return Optional.empty();
        } catch (ConfigException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static boolean forced(Request request) {
        return request.target().parameter("force").filter("true"::equals).isPresent();
    }
}
