package io.matriarch.dcs.consul;

import io.matriarch.spi.Deadline;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.protocol.HttpContext;

/**
 * The HTTP client that consul-api is given for one request: it adds the request's deadline, which
 * consul-api cannot express, and keeps the request, so that it can be given up from outside.
 * Closing the real client is left to its owner.
 */
final class Trip extends CloseableHttpClient {
    private final CloseableHttpClient client;
    private final Deadline deadline;
    private final AtomicReference<HttpRequestBase> request = new AtomicReference<>();
    private volatile boolean givenUp;

    Trip(CloseableHttpClient client, Deadline deadline) {
        this.client = client;
        this.deadline = deadline;
    }

    @Override
    protected CloseableHttpResponse doExecute(
            HttpHost target, HttpRequest what, HttpContext context) throws IOException {
        HttpRequestBase mine = (HttpRequestBase) what;
        int millis = (int) Math.min(Integer.MAX_VALUE, deadline.remaining().toMillis() + 1);
        mine.setConfig(
                RequestConfig.custom()
                        .setConnectionRequestTimeout(millis)
                        .setConnectTimeout(millis)
                        .setSocketTimeout(millis)
                        .setRedirectsEnabled(false)
                        .build());
        request.set(mine);
        if (givenUp) {
            mine.abort();
        }
        return client.execute(target, mine, context);
    }

    /** Closes the connection under the request, wherever it is. */
    void giveUp() {
        givenUp = true;
        HttpRequestBase mine = request.get();
        if (mine != null) {
            mine.abort();
        }
    }

    /** The interface has it still; consul-api does not call it, nor the next one. */
    @Override
    @Deprecated
    public org.apache.http.params.HttpParams getParams() {
        throw new UnsupportedOperationException("replaced by the request's own configuration");
    }

    @Override
    @Deprecated
    public org.apache.http.conn.ClientConnectionManager getConnectionManager() {
        throw new UnsupportedOperationException("belongs to the owner of the client");
    }

    @Override
    public void close() {
        giveUp();
    }
}
