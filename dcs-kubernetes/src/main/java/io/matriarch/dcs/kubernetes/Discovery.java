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

    /** Rights may come later. */
    private static final Duration FORBIDDEN = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Calls calls;
    private final Servers servers;
    private final Ticker ticker;
    private final boolean wanted;
    private volatile Duration interval = Duration.ofSeconds(10);
    private long learnedAt;
    private boolean forbidden;

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
        long wait = forbidden ? FORBIDDEN.toNanos() : interval.toNanos();
        if (!wanted || (forbidden || servers.known()) && now - learnedAt < wait) {
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
                forbidden = false;
            } else {
                LOG.warn("cannot look for the API servers: {}", reply.message());
            }
        } catch (DcsException.Misconfigured e) {
            LOG.warn("bypass_api_service is not in force: {}", e.getMessage());
            forbidden = true;
            learnedAt = now;
            servers.forget();
        } catch (DcsException e) {
            LOG.debug("cannot look for the API servers: {}", e.getMessage());
        }
    }
}
