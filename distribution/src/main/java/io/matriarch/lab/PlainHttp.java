package io.matriarch.lab;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a store's server what it tells about itself. */
final class PlainHttp {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private PlainHttp() {}

    static String get(URI what) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                HttpClient.newBuilder()
                        .connectTimeout(PATIENCE)
                        .build()
                        .send(
                                HttpRequest.newBuilder(what).timeout(PATIENCE).build(),
                                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(what + " is answered with " + answer.statusCode());
        }
        return answer.body();
    }
}
