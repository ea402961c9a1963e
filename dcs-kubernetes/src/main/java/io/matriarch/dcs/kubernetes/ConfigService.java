package io.matriarch.dcs.kubernetes;

import io.matriarch.spi.DcsException;
import io.matriarch.spi.Deadline;
import io.matriarch.spi.EntryKind;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The headless Service beside the {@code -config} Endpoints: the control plane removes Endpoints
 * that no Service owns. Made once by each process, after its first write of that object.
 */
final class ConfigService {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigService.class);
    private static final String WHAT = "creating the Service of the configuration";

    /** The write is done; its caller waits no longer than this for what comes on top. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Names names;
    private final Calls calls;
    private volatile boolean done;

    ConfigService(Names names, Calls calls) {
        this.names = names;
        this.calls = calls;
    }

    void ensure(Deadline deadline) {
        if (done || deadline.passed()) {
            return;
        }
        ObjectNode body = Json.object();
        body.put("apiVersion", "v1").put("kind", "Service");
        ObjectNode metadata = body.putObject("metadata");
        metadata.put("name", names.of(EntryKind.CONFIG));
        ObjectNode labels = metadata.putObject("labels");
        names.labels().forEach(labels::put);
        body.putObject("spec").put("clusterIP", "None");
        try {
            Reply reply =
                    calls.call(
                            ApiRequest.create(WHAT, names.services(), body),
                            deadline.atMost(LONGEST));
            done = reply.good() || reply.is(Reply.CONFLICT);
            if (!done) {
                LOG.warn("{}: the Kubernetes API answered {}", WHAT, reply.message());
            }
        } catch (DcsException.Misconfigured e) {
            LOG.warn("{}; not tried again, create it by hand", e.getMessage());
            done = true;
        } catch (DcsException e) {
            LOG.warn("{}; the next write tries again", e.getMessage());
        }
    }
}
