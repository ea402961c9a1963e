package io.matriarch.dcs.etcd;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for keys of this scope in etcd v2, whose data is apart from v3 in the same servers.
 *
 * <p>The section {@code etcd} means v2 to the peer and v3 to Matriarch. A member that leads in one
 * of them while members of the same cluster use the other is a split brain, so such a member does
 * not lead. Only asked for under that section's name.
 */
final class OldKeySpace {
    private static final Logger LOG = LoggerFactory.getLogger(OldKeySpace.class);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    /** What one server says. */
    enum Answer {
        EMPTY,
        IN_USE,
        UNKNOWN
    }

    private final Keys keys;
    private final Endpoints endpoints;
    private final Optional<EtcdSettings.Credentials> credentials;
    private final Supplier<SSLContext> tls;

    /**
     * @param tls made anew for each look, so that rotated files are seen
     */
    OldKeySpace(
            Keys keys,
            Endpoints endpoints,
            Optional<EtcdSettings.Credentials> credentials,
            Supplier<SSLContext> tls) {
        this.keys = keys;
        this.endpoints = endpoints;
        this.credentials = credentials;
        this.tls = tls;
    }

    /** Lets a caller go on only if no server holds keys of this scope in v2. */
    void mustBeEmpty(Deadline deadline) {
        switch (look(deadline)) {
            case EMPTY:
                return;
            case IN_USE:
                throw new DcsException.Misconfigured(inUse());
            default:
                throw new DcsException.NotApplied(
                        "no etcd endpoint tells whether its v2 API holds keys below "
                                + keys.folder()
                                + "; without v2, name the section etcd3 instead of etcd");
        }
    }

    /** Tells the operator when members that use v2 turn up later. */
    void warn(Deadline deadline) {
        if (look(deadline) == Answer.IN_USE) {
            LOG.error(inUse());
        }
    }

    private String inUse() {
        return "etcd holds keys below "
                + keys.folder()
                + " in its v2 API, so a cluster of the same name uses etcd v2 while this member"
                + " uses v3 and may not lead; move all members to the section etcd3, then remove"
                + " the v2 keys";
    }

    private Answer look(Deadline deadline) {
        for (Endpoint endpoint : endpoints.order()) {
            if (deadline.passed()) {
                break;
            }
            try {
                Answer answer = ask(endpoint, deadline);
                if (answer != Answer.UNKNOWN) {
                    return answer;
                }
            } catch (IOException e) {
                LOG.debug("the v2 API of {} does not answer: {}", endpoint, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Answer.UNKNOWN;
            }
        }
        return Answer.UNKNOWN;
    }

    private Answer ask(Endpoint endpoint, Deadline deadline)
            throws IOException, InterruptedException {
        Duration budget = deadline.atMost(LONGEST).remaining().plusMillis(1);
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(budget);
        if (endpoint.tls()) {
            client.sslContext(tls.get());
        }
        String path = "/v2/keys" + keys.path() + "?recursive=true&quorum=true";
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint.url() + path.replace(" ", "%20")))
                        .timeout(budget);
        credentials.ifPresent(who -> request.header("Authorization", basic(who)));
        HttpResponse<String> answer =
                client.build().send(request.build(), HttpResponse.BodyHandlers.ofString());
        LOG.debug("the v2 API of {} answers {}: {}", endpoint, answer.statusCode(), answer.body());
        return judge(answer.statusCode(), answer.body());
    }

    /** Folders may be left over; only a value is a key. Without the API every path is not found. */
    static Answer judge(int status, String body) {
        if (status == 200) {
            return body.contains("\"value\":") ? Answer.IN_USE : Answer.EMPTY;
        }
        return status == 404 ? Answer.EMPTY : Answer.UNKNOWN;
    }

    private static String basic(EtcdSettings.Credentials who) {
        String pair = who.user() + ":" + who.password();
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }
}
