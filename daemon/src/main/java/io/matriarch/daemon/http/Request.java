package io.matriarch.daemon.http;

import io.matriarch.engine.rest.RequestTarget;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A request that was read completely.
 *
 * @param body empty if the client announced none
 * @param authorization the header of that name
 * @param peer who sent it; an IPv4 address also on a dual-stack socket
 * @param verifiedClient the client showed a certificate that the authorities vouch for
 */
record Request(
        String method,
        RequestTarget target,
        Optional<String> body,
        Optional<String> authorization,
        InetAddress peer,
        boolean verifiedClient) {}
