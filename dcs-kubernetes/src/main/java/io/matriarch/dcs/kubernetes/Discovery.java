package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.Ticker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the API servers behind their Service, so that one that is frozen can be passed by: the
 * Service would go on sending connections to it. Runs on the watch's thread.
 */
final class Discovery implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final Duration EARLIER = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Calls calls;
    private final Servers servers;
    private final Ticker ticker;
    private volatile boolean wanted;
    private volatile Duration interval = Duration.ofSeconds(10);
    private long learnedAt;

    Discovery(Calls calls, Servers servers, Ticker ticker, boolean wanted) {
        this.calls = calls;
        this.servers = servers;
        this.ticker = ticker;
        this.wanted = wanted;
    }

    void timing(Duration loopWait) {
        interval = loopWait.compareTo(EARLIER) > 0 ? loopWait.minus(EARLIER) : loopWait;
    }

    @Override
    public void run() {
        long now = ticker.nanos();
        if (!wanted || servers.known() && now - learnedAt < interval.toNanos()) {
            return;
        }
        try {
            Reply reply =
                    calls.call(
                            ApiRequest.get("looking for the API servers", Servers.LIST),
                            Deadline.after(ticker, LONGEST));
            if (reply.good()) {
                servers.learn(reply.body());
                learnedAt = now;
            } else {
                LOG.warn("cannot look for the API servers: {}", reply.message());
            }
        } catch (DcsException.Misconfigured e) {
            LOG.warn("bypass_api_service is switched off: {}", e.getMessage());
            wanted = false;
            servers.forget();
        } catch (DcsException e) {
            LOG.debug("cannot look for the API servers: {}", e.getMessage());
        }
    }
}
