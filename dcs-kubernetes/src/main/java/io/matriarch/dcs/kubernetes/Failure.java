package io.matriarch.dcs.kubernetes;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** What a request that got no answer died of. */
final class Failure {
    private Failure() {}

    /** Whether the request surely never left. */
    static boolean beforeSending(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof ConnectException
                    || t instanceof UnknownHostException
                    || t instanceof UnresolvedAddressException
                    || t instanceof HttpConnectTimeoutException
                    || t instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether one side does not trust the other, or speaks no TLS. A handshake that merely broke
     * off is a matter of the network.
     */
    static boolean badTls(Throwable failure) {
        boolean tls = false;
        boolean reason = false;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = String.valueOf(t.getMessage());
            tls |= t instanceof SSLException;
            reason |=
                    t instanceof GeneralSecurityException
                            || text.contains("fatal alert")
                            || text.contains("Unsupported or unrecognized SSL message");
        }
        return tls && reason;
    }

    /** The innermost message: the library wraps it several times. */
    static String text(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        if (innermost.getMessage() != null) {
            return innermost.getMessage();
        }
        return innermost instanceof TimeoutException ? "it is silent" : innermost.toString();
    }
}
