package io.matriarch.dcs.kubernetes;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;

/** Speaks to the API server past the backend, as its administrator or somebody else. */
final class Admin {
    static final String TOKEN = "the-administrators-token";

    private final String base;
    private final String token;
    private final HttpClient client;

    Admin(String base, Path authority) {
        this(base, authority, TOKEN);
    }

    Admin(String base, Path authority, String token) {
        this.base = base;
        this.token = token;
        this.client =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(trusting(authority))
                        .build();
    }

    private static SSLContext trusting(Path authority) {
        try (InputStream in = Files.newInputStream(authority)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An answer with its code. */
    record Answer(int code, JsonNode body) {}

    Answer send(String method, String path, String type, String body) throws IOException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(base + path))
                        .timeout(Duration.ofSeconds(10))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", type)
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        try {
            HttpResponse<byte[]> response =
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            boolean json =
                    response.headers().firstValue("content-type").orElse("").contains("json");
            return new Answer(
                    response.statusCode(), json ? Json.parse(response.body()) : Json.object());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private JsonNode good(String method, String path, String type, String body) {
        try {
            Answer answer = send(method, path, type, body);
            if (answer.code() / 100 != 2) {
                throw new IllegalStateException(method + " " + path + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode get(String path) {
        return good("GET", path, "application/json", "");
    }

    JsonNode create(String path, JsonNode object) {
        return good("POST", path, "application/json", Json.compact(object));
    }

    JsonNode create(String path, String object) {
        return good("POST", path, "application/json", object);
    }

    JsonNode merge(String path, String changes) {
        return good("PATCH", path, "application/merge-patch+json", changes);
    }

    void delete(String path) {
        good("DELETE", path, "application/json", "");
    }

    boolean exists(String path) {
        try {
            return send("GET", path, "application/json", "").code() == 200;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
