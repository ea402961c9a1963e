package io.matriarch.dcs.etcd;

import io.matriarch.spi.tls.TrustEveryone;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The document in which an etcd server tells its peers where the members serve clients. SRV records
 * for servers name only the addresses that serve it. Its certificate is not checked, as with the
 * peer: what it names is checked when it is used.
 */
final class PeerMembers {
    private static final Logger LOG = LoggerFactory.getLogger(PeerMembers.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final Pattern CLIENT_URLS =
            Pattern.compile("\"clientURLs\"\\s*:\\s*\\[([^]]*)]");
    private static final Pattern URL = Pattern.compile("\"(https?://[^\"]+)\"");

    private PeerMembers() {}

    static List<Endpoint> clientEndpoints(List<Endpoint> peers) {
        for (Endpoint peer : peers) {
            try {
                HttpResponse<String> answer =
                        client().send(
                                        HttpRequest.newBuilder(URI.create(peer.url() + "/members"))
                                                .timeout(TIMEOUT)
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString());
                List<Endpoint> found = parse(answer.body());
                if (!found.isEmpty()) {
                    return found;
                }
            } catch (IOException | GeneralSecurityException e) {
                LOG.warn("etcd at {} does not name its members: {}", peer, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            }
        }
        return List.of();
    }

    static List<Endpoint> parse(String document) {
        List<Endpoint> found = new ArrayList<>();
        Matcher lists = CLIENT_URLS.matcher(document);
        while (lists.find()) {
            Matcher urls = URL.matcher(lists.group(1));
            while (urls.find()) {
                found.add(Endpoint.parse(urls.group(1), false, Endpoint.DEFAULT_PORT));
            }
        }
        return found;
    }

    private static HttpClient client() throws GeneralSecurityException {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new javax.net.ssl.TrustManager[] {new TrustEveryone()}, null);
        return HttpClient.newBuilder().connectTimeout(TIMEOUT).sslContext(tls).build();
    }
}
