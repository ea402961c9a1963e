package io.matriarch.dcs.consul;

import com.ecwid.consul.SingleUrlParameters;
import com.ecwid.consul.transport.HttpResponse;
import com.ecwid.consul.transport.TransportException;
import com.ecwid.consul.v1.ConsulRawClient;
import com.ecwid.consul.v1.Request;
import io.matriarch.spi.Deadline;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.http.conn.ConnectTimeoutException;

/**
 * The way to the local agent, for single requests. Each is made on a thread of its own, so that the
 * caller is back by its deadline also while a name is looked up or a reply trickles in. Safe for
 * any thread.
 */
final class Agent implements AutoCloseable {
    private final Address address;
    private final Optional<String> token;
    private final Connections connections;
    private final ExecutorService threads;

    Agent(String purpose, Address address, Optional<String> token, Connections connections) {
        this.address = address;
        this.token = token;
        this.connections = connections;
        this.threads =
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread = new Thread(task, "consul-" + purpose);
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** Sends a request once. */
    Answer send(Ask ask, Deadline deadline) throws Unanswered {
        Trip trip = new Trip(connections.client(), deadline);
        ConsulRawClient client =
                new ConsulRawClient(trip, address.schemeAndHost(), address.port(), "");
        Future<HttpResponse> reply;
        try {
            reply = threads.submit(() -> execute(client, ask));
        } catch (RejectedExecutionException e) {
            throw new Unanswered(Unanswered.Kind.NOT_SENT, "the backend is closed", e);
        }
        try {
            return answer(reply.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw unanswered(e.getCause());
        } catch (TimeoutException e) {
            trip.giveUp();
            throw new Unanswered(
                    Unanswered.Kind.LOST, "Consul's agent at " + address + " does not answer", e);
        } catch (InterruptedException e) {
            trip.giveUp();
            Thread.currentThread().interrupt();
            throw new Unanswered(Unanswered.Kind.LOST, "interrupted while waiting for Consul", e);
        }
    }

    private HttpResponse execute(ConsulRawClient client, Ask ask) {
        Request.Builder request = Request.Builder.newBuilder().setEndpoint(ask.path());
        ask.parameters().forEach(p -> request.addUrlParameter(new SingleUrlParameters(p)));
        token.ifPresent(request::setToken);
        // Of a PUT the library sends binary content only.
        ask.body()
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .ifPresent(request::setBinaryContent);
        return switch (ask.method()) {
            case GET -> client.makeGetRequest(request.build());
            case PUT -> client.makePutRequest(request.build());
            case DELETE -> client.makeDeleteRequest(request.build());
        };
    }

    private static Answer answer(HttpResponse reply) {
        return new Answer(
                reply.getStatusCode(),
                Optional.ofNullable(reply.getContent()).orElse(""),
                Optional.ofNullable(reply.getConsulIndex()).orElse(0L));
    }

    private Unanswered unanswered(Throwable failure) {
        Throwable cause =
                failure instanceof TransportException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
        return new Unanswered(
                kind(cause), "Consul's agent at " + address + " cannot be asked: " + cause, cause);
    }

    private static Unanswered.Kind kind(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof CertificateException
                    || t instanceof SSLPeerUnverifiedException
                    || refusedHandshake(t)) {
                return Unanswered.Kind.BAD_TLS;
            }
            if (t instanceof ConnectException
                    || t instanceof ConnectTimeoutException
                    || t instanceof NoRouteToHostException
                    || t instanceof UnknownHostException) {
                return Unanswered.Kind.NOT_SENT;
            }
        }
        return Unanswered.Kind.LOST;
    }

    /** A connection that breaks during the handshake refuses nothing. */
    private static boolean refusedHandshake(Throwable t) {
        String message = String.valueOf(t.getMessage());
        return message.contains("Received fatal alert")
                || message.contains("Unsupported or unrecognized SSL message")
                || t instanceof SSLHandshakeException
                        && !(t.getCause() instanceof java.io.EOFException);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        connections.close();
    }
}
