package io.matriarch.daemon.http;

import java.util.concurrent.CompletionStage;

/** Answers one kind of request. Called on a thread that must not wait. */
@FunctionalInterface
interface Endpoint {
    CompletionStage<Response> answer(Request request);
}
