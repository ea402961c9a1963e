package io.matriarch.dcs.etcd;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientStreamTracer;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.concurrent.TimeUnit;

/**
 * One request to one endpoint: when it must be over, and whether it left this process. Travels in
 * the gRPC context, because the client library has no place for a deadline of a call, and a request
 * without one is sent minutes later when the store comes back.
 */
final class Attempt {
    private static final Context.Key<Attempt> KEY = Context.key("attempt");

    /** For requests that the library makes on its own account, such as a first token. */
    private static final long OWN_REQUEST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long end;
    private volatile boolean sent;

    Attempt(long budgetNanos) {
        this.end = System.nanoTime() + budgetNanos;
    }

    long remainingNanos() {
        return end - System.nanoTime();
    }

    /** Whether the request was handed to a connection: only then may it have taken effect. */
    boolean sent() {
        return sent;
    }

    /** The context in which the request is to be made. */
    Context context() {
        return Context.current().withValue(KEY, this);
    }

    private void markSent() {
        sent = true;
    }

    /** Gives every request its deadline, and lets none wait for a connection to come back. */
    static final class Interceptor implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(
                MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            Attempt attempt = KEY.get();
            // A watch lives as long as its connection.
            if (method.getServiceName().endsWith("Watch")) {
                return next.newCall(method, options.withoutWaitForReady());
            }
            if (attempt == null) {
                return next.newCall(
                        method, options.withDeadlineAfter(OWN_REQUEST_NANOS, TimeUnit.NANOSECONDS));
            }
            CallOptions bounded =
                    options.withoutWaitForReady()
                            .withDeadlineAfter(attempt.remainingNanos(), TimeUnit.NANOSECONDS);
            // A request for a token changes nothing in the store.
            return next.newCall(
                    method,
                    method.getServiceName().endsWith("Auth")
                            ? bounded
                            : bounded.withStreamTracerFactory(new Sent(attempt)));
        }
    }

    /** Marks the attempt when its stream is created on a real connection. */
    private static final class Sent extends ClientStreamTracer.Factory {
        private final Attempt attempt;

        Sent(Attempt attempt) {
            this.attempt = attempt;
        }

        @Override
        public ClientStreamTracer newClientStreamTracer(
                ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void streamCreated(Attributes transport, Metadata sentHeaders) {
                    attempt.markSent();
                }
            };
        }
    }
}
