package io.matriarch.dcs.etcd;

import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * What a failed request means, by what can be done next. etcd's codes alone do not tell: the text
 * decides.
 */
enum Fault {
    /** No answer, or one that says nothing of the effect: another endpoint, a new connection. */
    UNREACHABLE,
    /** The endpoint works but has no quorum in sight: another endpoint. */
    NO_QUORUM,
    /** The token ran out or users were changed: authenticate again and repeat. */
    STALE_TOKEN,
    /** Credentials were given to a store that knows none: repeat without. */
    AUTH_DISABLED,
    /** The store wants credentials that this connection did not send. */
    AUTH_WANTED,
    /** The user may not do this, or the token is from before a change of rights. */
    FORBIDDEN,
    /** The user or the password is wrong. */
    BAD_CREDENTIALS,
    /** A certificate was refused by one of the two sides, or TLS met a port without it. */
    BAD_TLS,
    /** The lease does not exist (any more). */
    LEASE_GONE,
    /** The store accepts no more data. */
    NO_SPACE,
    /** The revision asked for was compacted away. */
    COMPACTED,
    /** The request itself is wrong. */
    INVALID;

    /** Whether the store is known to have rejected the request before any effect. */
    boolean rejected() {
        return this != UNREACHABLE && this != NO_QUORUM;
    }

    static Fault of(Throwable failure) {
        if (tlsRefused(failure)) {
            return BAD_TLS;
        }
        String text = description(failure);
        return byText(text).orElseGet(() -> byCode(code(failure), text));
    }

    /** Whether somebody said something, be it that nobody listens there. */
    static boolean said(Throwable failure) {
        return !(failure instanceof TimeoutException)
                && code(failure) != Status.Code.DEADLINE_EXCEEDED;
    }

    /** For people: the library adds how far it came, in many lines. */
    static String text(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return failure.getMessage();
        }
        return said(failure)
                ? description(failure).lines().findFirst().orElse("")
                : "no answer in time";
    }

    /** The innermost one: the library wraps what the store said, also when it logged in. */
    private static String description(Throwable failure) {
        String text = failure.toString();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof EtcdException || t instanceof StatusRuntimeException) {
                text = t.getMessage();
            }
        }
        return text;
    }

    private static Optional<Fault> byText(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("invalid user id or password")) {
            return Optional.of(BAD_CREDENTIALS);
        }
        if (lower.contains("authentication is not enabled")) {
            return Optional.of(AUTH_DISABLED);
        }
        if (lower.contains("invalid auth token")
                || lower.contains("revision of auth store is old")
                || lower.contains("revision in header is old")) {
            return Optional.of(STALE_TOKEN);
        }
        if (lower.contains("user name is empty") || lower.contains("user name not found")) {
            return Optional.of(AUTH_WANTED);
        }
        if (lower.contains("permission denied")) {
            return Optional.of(FORBIDDEN);
        }
        if (lower.contains("requested lease not found")) {
            return Optional.of(LEASE_GONE);
        }
        if (lower.contains("database space exceeded")) {
            return Optional.of(NO_SPACE);
        }
        if (lower.contains("compacted")) {
            return Optional.of(COMPACTED);
        }
        if (lower.contains("etcdserver: no leader")
                || lower.contains("etcdserver: leader changed")
                || lower.contains("etcdserver: request timed out")
                || lower.contains("not a primary lessor")) {
            return Optional.of(NO_QUORUM);
        }
        return Optional.empty();
    }

    private static Fault byCode(Status.Code code, String text) {
        switch (code) {
            case INVALID_ARGUMENT:
            case OUT_OF_RANGE:
                return INVALID;
            case RESOURCE_EXHAUSTED:
                // Too large is the request's fault, too many is the store's load.
                return text.contains("too large") || text.contains("larger than")
                        ? INVALID
                        : NO_QUORUM;
            default:
                return UNREACHABLE;
        }
    }

    private static Status.Code code(Throwable failure) {
        Status.Code code = Status.Code.UNKNOWN;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof StatusRuntimeException status) {
                code = status.getStatus().getCode();
            } else if (t instanceof StatusException status) {
                code = status.getStatus().getCode();
            } else if (t instanceof EtcdException etcd) {
                code = code(etcd.getErrorCode());
            }
        }
        return code;
    }

    private static Status.Code code(ErrorCode code) {
        return Status.Code.valueOf(code.name());
    }

    private static boolean tlsRefused(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SSLHandshakeException
                    || t instanceof CertificateException
                    || t.getClass().getSimpleName().equals("NotSslRecordException")
                    || String.valueOf(t.getMessage()).contains("Received fatal alert")) {
                return true;
            }
        }
        return false;
    }
}
