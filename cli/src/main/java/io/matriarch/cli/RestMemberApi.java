package io.matriarch.cli;

import io.matriarch.engine.codec.Json;
import io.matriarch.engine.config.CtlConfig;
import io.matriarch.engine.model.Member;
import io.matriarch.engine.rest.Answer;
import io.matriarch.engine.rest.RestClient;
import io.matriarch.engine.rest.Unreachable;
import java.net.ConnectException;
import java.net.URISyntaxException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import javax.net.ssl.SSLHandshakeException;

/** Over HTTP. The client is made when the first request is sent: most commands send none. */
final class RestMemberApi implements MemberApi {
    private final CtlConfig config;
    private Optional<RestClient> client = Optional.empty();

    RestMemberApi(CtlConfig config) {
        this.config = config;
    }

    @Override
    public ApiAnswer send(
            Member member,
            String method,
            String path,
            Optional<Map<String, Object>> body,
            Duration limit)
            throws ApiException {
        String url =
                member.apiUrl()
                        .orElseThrow(
                                () ->
                                        new ApiException(
                                                "member "
                                                        + member.name()
                                                        + " has published no api_url",
                                                false,
                                                null));
        try {
            Answer answer = client().send(method, url, path, body.map(Json::spaced), limit).get();
            return new ApiAnswer(answer.status(), answer.body());
        } catch (ExecutionException e) {
            throw noAnswer(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException("interrupted while waiting for " + url, true, e);
        }
    }

    private RestClient client() {
        if (client.isEmpty()) {
            try {
                client = Optional.of(RestClient.ofOperator(config));
            } catch (IllegalArgumentException e) {
                throw new CtlError(e.getMessage(), e);
            }
        }
        return client.get();
    }

    private static ApiException noAnswer(Throwable failure) {
        Throwable known = failure instanceof CompletionException ? failure.getCause() : failure;
        Throwable cause = known instanceof Unreachable ? known.getCause() : known;
        return new ApiException(String.valueOf(known.getMessage()), !neverSent(cause), known);
    }

    /** Failures that come before the first byte of the request. */
    private static boolean neverSent(Throwable cause) {
        return cause instanceof ConnectException
                || cause instanceof HttpConnectTimeoutException
                || cause instanceof UnresolvedAddressException
                || cause instanceof SSLHandshakeException
                || cause instanceof URISyntaxException;
    }
}
